package lan

import (
	"context"
	"encoding/binary"
	"net"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/link"
	"deskside/diag/link/arp"
)

// mirrorPatience is how long is listened for frames that carry our own
// address while the world stays silent. A twin's ARP does not give it away:
// it does not have our IP address (measured in the diagnosis brief).
const mirrorPatience = 1400 * time.Millisecond

// listenForMirror counts frames that others send from this PC's own hardware
// address. It only listens, and the kernel passes on nothing but such frames.
func listenForMirror(ctx context.Context, env *diag.Env) error {
	var local link.Facts
	env.Facts.Look(func(f diag.Facts) { local = link.Section.Of(f) })
	on := leaving(local)
	mac, err := net.ParseMAC(on.MAC)
	// An access point repeats a station's own broadcasts to it, and so does a
	// switch to the legs of a bond.
	if err != nil || on.Kind == "wifi" || on.Kind == "bond" {
		return nil
	}
	sock, err := openMirror(on.Index, mac)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, mirrorPatience)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { sock.Close() })
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		if worldAnswers(env, ctx.Done()) && !env.Focus.Deep {
			cancel()
		}
	}()
	defer func() { <-done }()
	defer cancel()
	frame := make([]byte, 64)
	for {
		if _, err := sock.Read(frame); err != nil {
			return nil // time is up, or the world answered
		}
		Section.Update(env.Facts, func(f *Facts) {
			f.Mirror.Index = on.Index
			f.Mirror.Frames++
			if f.Mirror.AtMS == 0 {
				f.Mirror.AtMS = env.SinceMS()
			}
		})
	}
}

// openMirror opens a packet socket behind a filter (socket(7),
// SO_ATTACH_FILTER): source address ours, and not sent by ourselves.
func openMirror(index int, mac net.HardwareAddr) (*os.File, error) {
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	const (
		word    = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		half    = unix.BPF_LD | unix.BPF_H | unix.BPF_ABS
		byteAt  = unix.BPF_LD | unix.BPF_B | unix.BPF_ABS
		equal   = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		give    = unix.BPF_RET | unix.BPF_K
		source  = 6                  // of an Ethernet frame
		pkttype = 1<<32 - 0x1000 + 4 // SKF_AD_OFF + SKF_AD_PKTTYPE of linux/filter.h: metadata, not the frame
	)
	filter := []unix.SockFilter{
		{Code: byteAt, K: pkttype},
		{Code: equal, K: unix.PACKET_OUTGOING, Jt: 5},
		{Code: word, K: source},
		{Code: equal, K: binary.BigEndian.Uint32(mac), Jf: 3},
		{Code: half, K: source + 4},
		{Code: equal, K: uint32(binary.BigEndian.Uint16(mac[4:])), Jf: 1},
		{Code: give, K: 64},
		{Code: give},
	}
	program := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if err = unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program); err == nil {
		err = unix.Bind(fd, &unix.SockaddrLinklayer{Protocol: arp.Network(unix.ETH_P_ALL), Ifindex: index})
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), "mirror"), nil
}
