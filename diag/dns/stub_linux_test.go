package dns

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"deskside/diag"
)

// privateBus starts a bus of its own and returns its address.
func privateBus(t *testing.T) string {
	path, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon here")
	}
	socket := filepath.Join(t.TempDir(), "bus")
	conf := filepath.Join(t.TempDir(), "bus.conf")
	policy := `<busconfig><type>custom</type><listen>unix:path=` + socket + `</listen><policy context="default">` +
		`<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/><allow user="*"/></policy></busconfig>`
	if err := os.WriteFile(conf, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--config-file="+conf, "--nofork", "--print-address")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n') // printed when it listens
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// dnsEx is one entry of resolved's DNSEx: a(iiayqs).
type dnsEx struct {
	Index, Family int32
	Address       []byte
	Port          uint16
	Name          string
}

func fakeResolved(t *testing.T, address string, servers []dnsEx) {
	bus, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	table := prop.Map{"org.freedesktop.resolve1.Manager": {"DNSEx": {Value: servers}}}
	if _, err := prop.Export(bus, "/org/freedesktop/resolve1", table); err != nil {
		t.Fatal(err)
	}
	if _, err := bus.RequestName("org.freedesktop.resolve1", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
}

func TestUpstreamsFromResolved(t *testing.T) {
	address := privateBus(t)
	m := newMachine(t, "nameserver 127.0.0.53\n")
	m.fake.Env = map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": address}
	env := m.env()
	if got, running := resolvedUpstreams(context.Background(), env); len(got) != 0 || running != diag.No {
		t.Errorf("nobody owns the name: %v %v", got, running)
	}
	fakeResolved(t, address, []dnsEx{
		{2, 2, []byte{192, 0, 2, 1}, 0, ""},
		{3, 2, []byte{192, 0, 2, 1}, 53, ""},
		{2, 2, []byte{192, 0, 2, 9}, 853, "dot.example"},
		{2, 10, net.ParseIP("2001:db8::53"), 0, ""},
		{2, 2, []byte{1, 2, 3}, 0, ""},
	})
	got, running := resolvedUpstreams(context.Background(), env)
	if running != diag.Yes || !reflect.DeepEqual(got, []string{"192.0.2.1", "2001:db8::53"}) {
		t.Errorf("%v %v", got, running)
	}

	// The whole run: the bus names a server that the file did not.
	m.fake.Files["run/systemd/resolve/resolv.conf"] = &fstest.MapFile{Data: []byte("nameserver 192.0.2.1\n")}
	for _, a := range []string{"127.0.0.53", "192.0.2.1", "2001:db8::53"} {
		m.both(a, zone(t, example))
	}
	m.getent("203.0.113.80")
	f, res := m.run(env)
	up := f.withRole(Upstream)
	if res.Checks[0].Status != diag.OK || len(up) != 2 || up[0].State() != Works || up[1].State() != Works || f.Stub.Source != "dbus" {
		t.Errorf("%v %+v %+v", res.Checks[0].Status, f.Stub, up)
	}
	if n := m.questions("udp 192.0.2.1"); n != 2 {
		t.Errorf("an upstream known already was asked %d UDP questions", n)
	}
}

// A bus that takes connections and says nothing must not hold anybody up.
func TestBusThatHangs(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	m := newMachine(t, "")
	m.fake.Env = map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + socket + ",guid=1"}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if got, running := resolvedUpstreams(ctx, m.env()); got != nil || running != diag.Maybe || time.Since(begin) > 300*time.Millisecond {
		t.Errorf("%v %v after %v", got, running, time.Since(begin))
	}
}
