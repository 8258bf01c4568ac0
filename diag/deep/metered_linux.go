package deep

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag"
	"deskside/diag/host"
)

// IsMetered asks NetworkManager whether this PC's connection costs by volume:
// its property Metered (NMMetered in its D-Bus API) is 1 for yes, 3 for
// "guessed yes", 2 and 4 for the two kinds of no. Maybe when it does not know,
// or does not run; then the person who asks for a load is the one who knows.
// It sends nothing, and answers within a second: a bus may hang without end.
func IsMetered(ctx context.Context, h host.Host) diag.Tri {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", systemBus(h))
	if err != nil {
		return diag.Maybe
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	bus, err := dbus.NewConn(c)
	if err != nil {
		return diag.Maybe
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return diag.Maybe
	}
	var value uint32
	const name = "org.freedesktop.NetworkManager"
	err = bus.Object(name, "/org/freedesktop/NetworkManager").
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, name, "Metered").Store(&value)
	if err != nil {
		return diag.Maybe
	}
	return meteredBy(value)
}

// meteredBy reads NMMetered.
func meteredBy(value uint32) diag.Tri {
	const yes, no, guessedYes, guessedNo = 1, 2, 3, 4
	switch value {
	case yes, guessedYes:
		return diag.Yes
	case no, guessedNo:
		return diag.No
	}
	return diag.Maybe
}

// systemBus is where the system's message bus listens (D-Bus specification,
// "Well-known Message Bus Instances").
func systemBus(h host.Host) string {
	if p, ok := strings.CutPrefix(h.Getenv("DBUS_SYSTEM_BUS_ADDRESS"), "unix:path="); ok {
		path, _, _ := strings.Cut(p, ",")
		return path
	}
	return "/run/dbus/system_bus_socket"
}
