package deep

import (
	"context"
	"crypto/tls"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"deskside/diag"
)

// stallTime is when packets that nobody confirmed count as vanished: TCP has
// then sent them again after 0.2, 0.6 and 1.4 s (RFC 6298 with Linux's least
// RTO), and a line that loses one packet in five loses four in a row once in
// six hundred times.
const stallTime = 1600 * time.Millisecond

func tryAll(ctx context.Context, env *diag.Env, p place, sizes []int) []Trial {
	found := make([]Trial, len(sizes))
	var all sync.WaitGroup
	for i, size := range sizes {
		all.Go(func() { found[i] = try(ctx, env, p, size) })
	}
	all.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return found
}

// try opens a connection whose packets are at most size bytes and says more
// than fits into one of them.
func try(ctx context.Context, env *diag.Env, p place, size int) Trial {
	t := Trial{Size: size, Way: p.way, Outcome: Unopened}
	headers := 40 // IPv4 and TCP; TCP's options come out of the segment
	if p.at.Addr().Is6() {
		headers = 60
	}
	begin := time.Now()
	d := net.Dialer{Timeout: stallTime, Control: func(_, _ string, c syscall.RawConn) (err error) {
		inner := c.Control(func(fd uintptr) { err = unix.SetsockoptInt(int(fd), unix.SOL_TCP, unix.TCP_MAXSEG, size-headers) })
		if err == nil {
			err = inner
		}
		return err
	}}
	conn, err := d.DialContext(ctx, "tcp", p.at.String())
	if err != nil {
		return t
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	conn.SetDeadline(time.Now().Add(stallTime))
	answered := speak(conn, p, size)
	env.Ledger.Sent(p.at.Addr().String(), int(p.at.Port()), "tcp", "mtu", size)
	info, err := infoOf(conn)
	if err != nil {
		return t
	}
	t.TookMS, t.Retrans, t.Unacked = diag.MS(time.Since(begin)), int(info.Total_retrans), int(info.Unacked)
	switch {
	case answered, p.way == Up && info.Unacked == 0:
		t.Outcome = Passed
	default:
		t.Outcome = Stalled
	}
	return t
}

// speak says something larger than one packet; true when an answer came.
func speak(conn net.Conn, p place, size int) bool {
	if p.way == TLS {
		// Nothing is sent inside and nothing is believed: only the packets count.
		err := tls.Client(conn, &tls.Config{ServerName: p.host, InsecureSkipVerify: true}).Handshake()
		timeout, ok := err.(net.Error)
		return err == nil || !ok || !timeout.Timeout()
	}
	request := "GET / HTTP/1.1\r\nHost: " + p.host + "\r\nUser-Agent: deskside (connectivity check)\r\nConnection: close\r\nX-Padding: "
	request += strings.Repeat("x", max(0, size-len(request))) + "\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		return false
	}
	n, _ := conn.Read(make([]byte, 1))
	return n > 0
}

// infoOf reads TCP_INFO, tcp(7).
func infoOf(conn net.Conn) (info *unix.TCPInfo, err error) {
	raw, err := conn.(syscall.Conn).SyscallConn()
	if err != nil {
		return nil, err
	}
	inner := raw.Control(func(fd uintptr) { info, err = unix.GetsockoptTCPInfo(int(fd), unix.SOL_TCP, unix.TCP_INFO) })
	if err == nil {
		err = inner
	}
	return info, err
}
