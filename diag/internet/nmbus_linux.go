package internet

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag/host"
)

// busPatience is for a service on this PC, which answers within milliseconds.
// A bus may also hang without end.
const busPatience = 300 * time.Millisecond

const (
	nmName = "org.freedesktop.NetworkManager"
	nmPath = "/org/freedesktop/NetworkManager"
	// maxActive connections are asked about.
	maxActive = 8
)

// nmSays asks NetworkManager for the connections in use: their scripts
// (org.freedesktop.NetworkManager.Settings.Connection, "proxy") and what DHCP
// gave them (…DHCP4Config, "Options"). It is never started for our sake, and
// false where it does not answer. Anybody may ask; the files are root's.
func nmSays(ctx context.Context, h host.Host) (active []nmActive, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, busPatience)
	defer cancel()
	path := "/run/dbus/system_bus_socket"
	if p, ok := strings.CutPrefix(h.Getenv("DBUS_SYSTEM_BUS_ADDRESS"), "unix:path="); ok {
		path, _, _ = strings.Cut(p, ",")
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, false
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	bus, err := dbus.NewConn(c)
	if err != nil {
		return nil, false
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return nil, false
	}
	get := func(object dbus.ObjectPath, of, property string, into any) bool {
		return bus.Object(nmName, object).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, nmName+of, property).Store(into) == nil
	}
	var paths []dbus.ObjectPath
	if !get(nmPath, "", "ActiveConnections", &paths) {
		return nil, false
	}
	for _, p := range paths[:min(len(paths), maxActive)] {
		var a nmActive
		var profile, lease dbus.ObjectPath
		if get(p, ".Connection.Active", "Connection", &profile) {
			var settings map[string]map[string]dbus.Variant
			call := bus.Object(nmName, profile).CallWithContext(ctx, nmName+".Settings.Connection.GetSettings", dbus.FlagNoAutoStart)
			if call.Store(&settings) == nil {
				method, _ := settings["proxy"]["method"].Value().(int32)
				if address, _ := settings["proxy"]["pac-url"].Value().(string); method == nmAuto {
					a.script = address
				}
			}
		}
		if get(p, ".Connection.Active", "Dhcp4Config", &lease) && lease != "/" {
			var options map[string]dbus.Variant
			if get(lease, ".DHCP4Config", "Options", &options) {
				a.wpad, _ = options["wpad"].Value().(string)
				a.captive, _ = options["captive_portal"].Value().(string)
			}
		}
		active = append(active, a)
	}
	return active, true
}
