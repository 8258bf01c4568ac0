package deep

import (
	"context"
	"net"
	"strconv"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/host"
)

const (
	// wireMost is what all uploads together may put on the wire, bytes: the
	// promised megabyte, with headers and with what had to be sent again.
	wireMost = 1_000_000
	// loadBytes of requests leave room for that below wireMost: 5 % for the
	// headers, and as much for what a short queue drops.
	loadBytes = 900_000
	// streams side by side fill a line sooner than one, and each stays below
	// what web servers read of a request that they refuse (256 KiB in Go,
	// client_max_body_size of 1 MiB in nginx).
	streams = 4
	chunk   = 16 << 10
	// frame is what a segment carries beside its data: Ethernet 14, IPv6 40
	// (IPv4 less), TCP with timestamps 32 bytes.
	frame = 86
)

// passed is what one connection sent so far, bytes.
type passed struct {
	acked int64 // of the request, that the far side confirmed
	wire  int64 // in all, counted rather too high than too low
}

// meter adds up what the connections of a load sent, and ends the load when
// that is enough.
type meter struct {
	mu    sync.Mutex
	each  [streams]passed
	tenth int
	over  func()
	step  func(done, of int) // told of every tenth that was confirmed
}

func (m *meter) note(stream int, p passed) {
	m.mu.Lock()
	m.each[stream] = p
	all, was := m.sum(), m.tenth
	m.tenth = int(all.acked * 10 / loadBytes)
	now := m.tenth
	m.mu.Unlock()
	if now > was {
		m.step(now, 10)
	}
	if all.wire >= wireMost {
		m.over()
	}
}

func (m *meter) total() passed {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sum()
}

func (m *meter) sum() (all passed) {
	for _, p := range m.each {
		all.acked += p.acked
		all.wire += p.wire
	}
	return all
}

// upload sends a request with a body of nothing in particular, and tells how
// much of it has passed. The endpoint may refuse it; what counts is that the
// line was filled on the way. It returns when the far side has confirmed
// everything or hung up, or when ctx is over; what is not sent by then never is.
func upload(ctx context.Context, env *diag.Env, to target, tell func(passed)) {
	conn, err := env.Host.Dial(ctx, host.DialOptions{}, "tcp", to.at.String())
	if err != nil {
		return
	}
	var writing sync.WaitGroup
	written := make(chan struct{})
	writing.Go(func() {
		defer close(written)
		write(env, conn, to)
	})
	defer func() {
		conn.SetDeadline(time.Now())
		writing.Wait()
		conn.Close()
	}()
	tick := time.NewTicker(10 * time.Millisecond) // the kernel tells nobody how far it is
	defer tick.Stop()
	for whole := false; ; {
		info, err := infoOf(conn)
		if err != nil {
			return
		}
		tell(passed{int64(info.Bytes_acked), int64(info.Bytes_sent) + frame*int64(info.Segs_out)})
		const closed = 7 // TCP_CLOSE, net/tcp_states.h
		if whole && info.Unacked == 0 && info.Notsent_bytes == 0 || info.State == closed {
			return
		}
		select {
		case <-tick.C:
		case <-written:
			whole, written = true, nil
		case <-ctx.Done():
			forget(conn)
			return
		}
	}
}

// forget makes closing drop what the kernel has not sent yet (SO_LINGER with
// no time, socket(7)), instead of sending it when nobody wants it any more.
func forget(conn net.Conn) {
	if raw, err := conn.(syscall.Conn).SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptLinger(int(fd), unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		})
	}
}

// write writes one stream's share of the load.
func write(env *diag.Env, conn net.Conn, to target) {
	head := "POST " + to.path + " HTTP/1.1\r\nHost: " + to.host + "\r\nUser-Agent: deskside (connectivity check)\r\n" +
		"Content-Type: application/octet-stream\r\nContent-Length: "
	body := loadBytes/streams - len(head) - 10
	rest := append([]byte(head+strconv.Itoa(body)+"\r\n\r\n"), make([]byte, body)...)
	for len(rest) > 0 {
		n, err := conn.Write(rest[:min(chunk, len(rest))])
		env.Ledger.Sent(to.at.Addr().String(), int(to.at.Port()), "tcp", "load", n)
		if err != nil {
			return
		}
		rest = rest[n:]
	}
}
