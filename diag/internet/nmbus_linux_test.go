package internet

import (
	"bufio"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"deskside/diag/host/fake"
)

// settingsOf is a connection's profile on the bus.
type settingsOf map[string]map[string]dbus.Variant

func (s settingsOf) GetSettings() (map[string]map[string]dbus.Variant, *dbus.Error) { return s, nil }

// manager is a bus of its own with somebody on it who answers as
// NetworkManager does, for one connection in use.
func manager(t *testing.T, proxy map[string]dbus.Variant, options map[string]dbus.Variant) string {
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon here")
	}
	socket, conf := filepath.Join(t.TempDir(), "bus"), filepath.Join(t.TempDir(), "bus.conf")
	policy := `<busconfig><type>custom</type><listen>unix:path=` + socket + `</listen><policy context="default">` +
		`<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>`
	if err := os.WriteFile(conf, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--config-file="+conf, "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n') // printed when it listens
	if err != nil {
		t.Fatal(err)
	}
	address = strings.TrimSpace(address)
	bus, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	const active, profile, lease = dbus.ObjectPath(nmPath + "/ActiveConnection/1"), dbus.ObjectPath(nmPath + "/Settings/1"), dbus.ObjectPath(nmPath + "/DHCP4Config/1")
	for object, table := range map[dbus.ObjectPath]prop.Map{
		nmPath: {nmName: {"ActiveConnections": {Value: []dbus.ObjectPath{active}}}},
		active: {nmName + ".Connection.Active": {"Connection": {Value: profile}, "Dhcp4Config": {Value: lease}}},
		lease:  {nmName + ".DHCP4Config": {"Options": {Value: options}}},
	} {
		if _, err := prop.Export(bus, object, table); err != nil {
			t.Fatal(err)
		}
	}
	if err := bus.Export(settingsOf{"proxy": proxy}, profile, nmName+".Settings.Connection"); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName(nmName, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return address
}

// running is what NetworkManager leaves on a PC while it runs.
var running = fstest.MapFS{"run/NetworkManager": {Mode: fs.ModeDir | 0o755}}

func TestNetworkManagerSays(t *testing.T) {
	text := func(s string) dbus.Variant { return dbus.MakeVariant(s) }
	h := &fake.Host{Files: running, Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": manager(t,
		map[string]dbus.Variant{"method": dbus.MakeVariant(int32(nmAuto)), "pac-url": text("http://p/x")},
		map[string]dbus.Variant{"wpad": text("http://p/wpad.dat"), "captive_portal": text("https://p/api")})}}
	got := nmProxies(context.Background(), h)
	if len(got) != 1 || got[0].URL != "http://p/x" || got[0].Source != fromNM {
		t.Errorf("scripts %+v", got)
	}
	if v := leased(context.Background(), h, optWPAD, func(a nmActive) string { return a.wpad }); v != "http://p/wpad.dat" {
		t.Errorf("option 252: %q", v)
	}
	if v := leased(context.Background(), h, optCaptive, func(a nmActive) string { return a.captive }); v != "https://p/api" {
		t.Errorf("option 114: %q", v)
	}
	if active, ok := nmSays(context.Background(), &fake.Host{Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"}}); ok || len(active) > 0 {
		t.Errorf("without a bus: %v", active)
	}
}

// A script that is switched off, though its address is still there.
func TestNetworkManagerWithoutScript(t *testing.T) {
	h := &fake.Host{Files: running, Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": manager(t,
		map[string]dbus.Variant{"method": dbus.MakeVariant(int32(0)), "pac-url": dbus.MakeVariant("http://p/x")}, map[string]dbus.Variant{})}}
	if got := nmProxies(context.Background(), h); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	if active, ok := nmSays(context.Background(), h); !ok || len(active) != 1 {
		t.Errorf("%v %v", active, ok)
	}
}
