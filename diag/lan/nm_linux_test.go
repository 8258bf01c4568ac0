package lan

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"deskside/diag"
	"deskside/diag/host/fake"
)

// networkManager answers the four questions that are asked, and no other.
type networkManager struct {
	settings map[string]map[string]dbus.Variant
}

func (networkManager) GetDeviceByIpIface(name string) (dbus.ObjectPath, *dbus.Error) {
	if name != "eth0" {
		return "", dbus.MakeFailedError(context.Canceled)
	}
	return "/dev/1", nil
}

func (n networkManager) GetSettings() (map[string]map[string]dbus.Variant, *dbus.Error) {
	return n.settings, nil
}

// bus starts a message bus of its own and returns its address.
func bus(t *testing.T) string {
	daemon, err := exec.LookPath("dbus-daemon")
	if err != nil {
		t.Skip("no dbus-daemon here")
	}
	address := "unix:path=" + filepath.Join(t.TempDir(), "bus")
	cmd := exec.Command(daemon, "--session", "--nofork", "--nopidfile", "--print-address=1", "--address="+address)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // ended already: Wait says so
		_ = cmd.Wait()
	})
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil { // it listens from here on
		t.Fatal(err)
	}
	return address
}

func TestAskNetworkManager(t *testing.T) {
	const signing, plain = "802-1x", "802-3-ethernet"
	for _, c := range []struct {
		name, kind    string
		state, reason uint32
		client        string
		waits         diag.Tri
	}{
		{"signing in", signing, 50, 0, "NetworkManager", diag.Yes},
		{"asks for the password", signing, 60, 0, "NetworkManager", diag.Yes},
		{"signed in", signing, 70, 0, "NetworkManager", diag.No},
		{"the switch did not answer", signing, 120, 11, "NetworkManager", diag.Yes},
		{"an open port", plain, 50, 0, "", diag.Maybe},
		{"no cable", plain, 20, 40, "", diag.Maybe},
	} {
		t.Run(c.name, func(t *testing.T) {
			address := bus(t)
			conn, err := dbus.Connect(address)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			nm := networkManager{map[string]map[string]dbus.Variant{c.kind: {}}}
			export := func(at dbus.ObjectPath, iface, property string, value any) {
				_, err = prop.Export(conn, at, prop.Map{nmName + "." + iface: {property: {Value: value, Emit: prop.EmitFalse}}})
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := conn.Export(nm, nmPath, nmName); err != nil {
				t.Fatal(err)
			}
			if err := conn.Export(nm, "/settings/1", nmName+".Settings.Connection"); err != nil {
				t.Fatal(err)
			}
			_, err = prop.Export(conn, "/dev/1", prop.Map{nmName + ".Device": {
				"StateReason":      {Value: struct{ State, Reason uint32 }{c.state, c.reason}, Emit: prop.EmitFalse},
				"ActiveConnection": {Value: dbus.ObjectPath("/active/1"), Emit: prop.EmitFalse},
			}})
			if err != nil {
				t.Fatal(err)
			}
			export("/active/1", "Connection.Active", "Connection", dbus.ObjectPath("/settings/1"))
			if _, err := conn.RequestName(nmName, dbus.NameFlagDoNotQueue); err != nil {
				t.Fatal(err)
			}
			h := &fake.Host{Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": address}}
			if client, waits := askNetworkManager(t.Context(), h, "eth0"); client != c.client || waits != c.waits {
				t.Errorf("%q %v, want %q %v", client, waits, c.client, c.waits)
			}
			if client, _ := askNetworkManager(t.Context(), h, "eth7"); client != "" {
				t.Errorf("%q for a link that it does not know", client)
			}
		})
	}
	gone := &fake.Host{Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + filepath.Join(t.TempDir(), "none")}}
	if client, waits := askNetworkManager(t.Context(), gone, "eth0"); client != "" || waits != diag.Maybe {
		t.Errorf("%q %v without a bus", client, waits)
	}
	if s := busSocket("unix:path=/a/b,guid=7"); !strings.HasSuffix(s, "/b") {
		t.Error(s)
	}
}
