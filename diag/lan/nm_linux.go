package lan

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag"
	"deskside/diag/host"
)

// busPatience bounds what NetworkManager is asked: it answers in a millisecond
// or hangs.
const busPatience = 150 * time.Millisecond

// NetworkManager's words, NMDeviceState and NMDeviceStateReason of
// nm-dbus-interface.h. On a cable the reasons from 8 to 11 come from 802.1X only.
const (
	nmName      = "org.freedesktop.NetworkManager"
	nmPath      = "/org/freedesktop/NetworkManager"
	nmPreparing = 40
	nmNeedAuth  = 60

	nmSupplicantDisconnect, nmSupplicantTimeout = 8, 11
)

// askNetworkManager asks whether it signs in at the port of a link, and whether
// that has failed or is still waited for. It needs no rights. An empty client
// says that NetworkManager does not, or is not there.
func askNetworkManager(ctx context.Context, h host.Host, link string) (client string, waits diag.Tri) {
	ctx, cancel := context.WithTimeout(ctx, busPatience)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", busSocket(h.Getenv("DBUS_SYSTEM_BUS_ADDRESS")))
	if err != nil {
		return "", diag.Maybe
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	bus, err := dbus.NewConn(c)
	if err != nil {
		return "", diag.Maybe
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return "", diag.Maybe
	}
	call := func(at dbus.ObjectPath, method string, into any, args ...any) bool {
		return bus.Object(nmName, at).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...).Store(into) == nil
	}
	get := func(at dbus.ObjectPath, iface, property string, into any) bool {
		return call(at, "org.freedesktop.DBus.Properties.Get", into, nmName+"."+iface, property)
	}
	var device, active, settings dbus.ObjectPath
	var reason struct{ State, Reason uint32 }
	if !call(nmPath, nmName+".GetDeviceByIpIface", &device, link) || !get(device, "Device", "StateReason", &reason) {
		return "", diag.Maybe
	}
	if reason.Reason >= nmSupplicantDisconnect && reason.Reason <= nmSupplicantTimeout {
		return "NetworkManager", diag.Yes
	}
	var connection map[string]map[string]dbus.Variant
	signsIn := get(device, "Device", "ActiveConnection", &active) && get(active, "Connection.Active", "Connection", &settings) &&
		call(settings, nmName+".Settings.Connection.GetSettings", &connection) && connection["802-1x"] != nil
	if !signsIn {
		return "", diag.Maybe
	}
	return "NetworkManager", diag.TriOf(reason.State >= nmPreparing && reason.State <= nmNeedAuth)
}

// busSocket is the socket of the system bus (D-Bus specification, "Well-known
// Message Bus Instances").
func busSocket(address string) string {
	for _, a := range strings.Split(address, ";") {
		if rest, ok := strings.CutPrefix(a, "unix:path="); ok {
			socket, _, _ := strings.Cut(rest, ",")
			return socket
		}
	}
	return "/run/dbus/system_bus_socket"
}
