package deep

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// bus is a message bus with one service, which answers every question for a
// property by the given value; nil is a bus that lets everybody wait.
func bus(t *testing.T, metered any) *fake.Host {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bus")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test is over
			}
			go serve(c, metered)
		}
	}()
	return &fake.Host{Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + path + ",guid=0"}}
}

// serve lets a client in (D-Bus specification, "Authentication Protocol") and
// answers its calls.
func serve(c net.Conn, metered any) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\n')
		switch word, _, _ := strings.Cut(strings.Trim(line, "\x00\r\n"), " "); {
		case err != nil:
			return
		case word == "AUTH" && strings.Contains(line, "EXTERNAL"):
			fmt.Fprint(c, "OK 0123456789abcdef0123456789abcdef\r\n")
		case word == "AUTH":
			fmt.Fprint(c, "REJECTED EXTERNAL\r\n")
		case word == "NEGOTIATE_UNIX_FD":
			fmt.Fprint(c, "ERROR\r\n")
		case word == "BEGIN":
			answer(c, in, metered)
			return
		}
	}
}

func answer(c net.Conn, in *bufio.Reader, metered any) {
	for {
		ask, err := dbus.DecodeMessage(in)
		if err != nil {
			return
		}
		body, signature := any(":1.1"), "s" // for Hello
		if ask.Headers[dbus.FieldMember].Value() == "Get" {
			if metered == nil {
				continue
			}
			if ask.Body[0] != "org.freedesktop.NetworkManager" || ask.Body[1] != "Metered" {
				return
			}
			body, signature = dbus.MakeVariant(metered), "v"
		}
		reply := dbus.Message{Type: dbus.TypeMethodReply, Body: []any{body}, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldReplySerial: dbus.MakeVariant(ask.Serial()), dbus.FieldSignature: dbus.MakeVariant(dbus.ParseSignatureMust(signature)),
		}}
		if reply.EncodeTo(c, binary.LittleEndian) != nil {
			return
		}
	}
}

func TestMetered(t *testing.T) {
	for _, tt := range []struct {
		name string
		host *fake.Host
		want diag.Tri
	}{
		{"yes", bus(t, uint32(1)), diag.Yes},
		{"no", bus(t, uint32(2)), diag.No},
		{"guessed yes", bus(t, uint32(3)), diag.Yes},
		{"guessed no", bus(t, uint32(4)), diag.No},
		{"not known", bus(t, uint32(0)), diag.Maybe},
		{"another type", bus(t, "yes"), diag.Maybe},
		{"no bus", &fake.Host{Env: map[string]string{"DBUS_SYSTEM_BUS_ADDRESS": "unix:path=" + t.TempDir() + "/none"}}, diag.Maybe},
	} {
		if got := IsMetered(t.Context(), tt.host); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestMeteredIsNotWaitedForWithoutEnd: a bus that takes calls and says nothing.
func TestMeteredIsNotWaitedForWithoutEnd(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if got := IsMetered(ctx, bus(t, nil)); got != diag.Maybe || time.Since(begin) > 900*time.Millisecond {
		t.Errorf("%v after %v", got, time.Since(begin))
	}
}

// TestNothingIsTransferredUnasked: on a connection that costs by volume, and
// where the person said no, the load says why and sends nothing.
func TestNothingIsTransferredUnasked(t *testing.T) {
	for _, tt := range []struct {
		name   string
		host   *fake.Host
		noLoad bool
		want   string
	}{
		{"metered", bus(t, uint32(1)), false, Metered},
		{"declined", bus(t, uint32(2)), true, Declined},
		{"both", bus(t, uint32(1)), true, Declined},
	} {
		env := diag.NewEnv(tt.host, config.Default())
		env.Focus = diag.Focus{Deep: true, NoLoad: tt.noLoad}
		if err := loadLine(t.Context(), env); err != nil {
			t.Fatal(err)
		}
		var f diag.Facts
		env.Facts.Look(func(all diag.Facts) {
			f = Section.In(diag.RunSection.In(diag.Facts{}, diag.RunFacts{OS: "linux", Deep: true}), Section.Of(all))
		})
		if got := Section.Of(f).Load.Skipped; got != tt.want || len(env.Ledger.Rows()) != 0 {
			t.Errorf("%s: %q, sent to %v", tt.name, got, env.Ledger.Rows())
		}
		said := false
		for _, u := range Judge(f).Unseen {
			said = said || u.Why.Key == "unseen.path.load."+tt.want+".why"
		}
		if !said {
			t.Errorf("%s: nobody is told why: %+v", tt.name, Judge(f).Unseen)
		}
	}
}

// TestTheMeterEndsTheLoad: the promise counts headers and what was sent again,
// of all connections together, and what is told goes forwards only.
func TestTheMeterEndsTheLoad(t *testing.T) {
	over, told := 0, []int{}
	m := &meter{over: func() { over++ }, step: func(done, _ int) { told = append(told, done) }}
	m.note(0, passed{acked: loadBytes / 2, wire: wireMost / 2})
	m.note(1, passed{acked: loadBytes / 4, wire: wireMost/2 - 1})
	m.note(1, passed{acked: loadBytes / 4, wire: wireMost/2 - 1})
	if over != 0 || len(told) != 2 || told[0] != 5 || told[1] != 7 {
		t.Errorf("ended %d times, told %v", over, told)
	}
	if m.note(2, passed{wire: 1}); over != 1 {
		t.Error("it goes on")
	}
	if got := m.total(); got.acked != loadBytes/2+loadBytes/4 {
		t.Errorf("confirmed %d", got.acked)
	}
}
