package link

import (
	"encoding/binary"
	"os"
	"testing"
	"time"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/genetlink/genltest"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
)

// tunnel is what the kernel says of a WireGuard device, as wg(8) asks for it:
// name, private key, and a peer for each handshake.
func tunnel(t testing.TB, shook ...int64) []byte {
	t.Helper()
	e := netlink.NewAttributeEncoder()
	e.Uint32(wgIfindex, 7)
	e.String(2, "wg0")
	e.Bytes(3, make([]byte, 32))
	e.Nested(wgPeers, func(list *netlink.AttributeEncoder) error {
		for i, at := range shook {
			list.Nested(uint16(i), func(peer *netlink.AttributeEncoder) error {
				peer.Bytes(1, make([]byte, 32))
				var when [16]byte
				binary.NativeEndian.PutUint64(when[:], uint64(at))
				peer.Bytes(wgPeerShook, when[:])
				peer.Uint64(7, 148)
				return nil
			})
		}
		return nil
	})
	b, err := e.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWireGuards(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	links := []Link{{Index: 2, Kind: "ether", Up: true}, {Index: 7, Kind: "wireguard", Up: true}, {Index: 8, Kind: "wireguard"}}
	serve := func(answer []byte, errno int) func() (*genetlink.Conn, error) {
		family := genetlink.Family{ID: 0x20, Version: wgVersion, Name: wgFamily}
		return func() (*genetlink.Conn, error) {
			return genltest.Dial(genltest.ServeFamily(family, func(g genetlink.Message, _ netlink.Message) ([]genetlink.Message, error) {
				if errno != 0 {
					return nil, &netlink.OpError{Op: "receive", Err: os.NewSyscallError("recvmsg", unix.Errno(errno))}
				}
				if g.Header.Command != wgGetDevice {
					t.Errorf("command %d", g.Header.Command)
				}
				return []genetlink.Message{{Data: answer}}, nil
			})), nil
		}
	}
	for name, c := range map[string]struct {
		dial func() (*genetlink.Conn, error)
		want WireGuard
	}{
		"fresh":          {serve(tunnel(t, 1_799_999_990), 0), WireGuard{Index: 7, Readable: diag.Yes, Peers: 1, AgeS: 10}},
		"the newest one": {serve(tunnel(t, 0, 1_799_990_000, 1_799_999_000), 0), WireGuard{Index: 7, Readable: diag.Yes, Peers: 3, AgeS: 1000}},
		"never":          {serve(tunnel(t, 0), 0), WireGuard{Index: 7, Readable: diag.Yes, Peers: 1, AgeS: -1}},
		"nobody":         {serve(tunnel(t), 0), WireGuard{Index: 7, Readable: diag.Yes, AgeS: -1}},
		"in the future":  {serve(tunnel(t, 1_800_000_060), 0), WireGuard{Index: 7, Readable: diag.Yes, Peers: 1}},
		"not allowed":    {serve(nil, int(unix.EPERM)), WireGuard{Index: 7, Readable: diag.No, Why: "EPERM", AgeS: -1}},
	} {
		if got := wireGuards(links, now, c.dial); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	none := func() (*genetlink.Conn, error) { t.Error("asked, though there is no tunnel"); return nil, unix.EPERM }
	if got := wireGuards(links[:1], now, none); got != nil {
		t.Errorf("%+v without a tunnel", got)
	}
}

func FuzzWireGuard(f *testing.F) {
	f.Add(tunnel(f, 0, 1_799_990_000))
	f.Add([]byte{4, 0, 8, 0x80, 255, 255, 8, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		if peers, _ := peersIn(b); peers < 0 || peers > len(b)/4 {
			t.Errorf("%d peers in %d bytes", peers, len(b))
		}
	})
}
