package deep

import (
	"context"
	"net"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag"
)

// metered asks NetworkManager whether the connection costs by volume: its
// property Metered is 1 for yes and 3 for "guessed yes" (NMMetered). Where
// nobody knows, the person who asked for a load does.
func metered(ctx context.Context, env *diag.Env) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second) // a bus may hang without end
	defer cancel()
	path := "/run/dbus/system_bus_socket"
	if p, ok := strings.CutPrefix(env.Host.Getenv("DBUS_SYSTEM_BUS_ADDRESS"), "unix:path="); ok {
		path, _, _ = strings.Cut(p, ",")
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return false
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	bus, err := dbus.NewConn(c)
	if err != nil {
		return false
	}
	defer bus.Close()
	if bus.Auth(nil) != nil || bus.Hello() != nil {
		return false
	}
	var value uint32
	const name = "org.freedesktop.NetworkManager"
	err = bus.Object(name, "/org/freedesktop/NetworkManager").
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, name, "Metered").Store(&value)
	const yes, guessedYes = 1, 3
	return err == nil && (value == yes || value == guessedYes)
}
