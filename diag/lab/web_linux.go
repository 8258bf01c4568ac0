package lab

import (
	"bufio"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// Web is everything that answers on ports 80 and 443 in far.
type Web struct {
	n   *Net
	tls atomic.Pointer[tls.Config]
	now atomic.Int64 // what the servers' clocks are ahead of this machine's, nanoseconds
}

func newWeb(n *Net) *Web {
	w := &Web{n: n}
	w.SetTLS(trusted().Config(time.Now().Add(-24 * time.Hour)))
	return w
}

// SetTLS changes the certificates from now on.
func (w *Web) SetTLS(c *tls.Config) { w.tls.Store(c) }

// SetAhead sets the servers' clocks ahead: seen from outside, this is a PC
// whose clock is behind. Certificates are dated accordingly.
func (w *Web) SetAhead(d time.Duration) {
	w.now.Store(int64(d))
	w.SetTLS(trusted().Config(time.Now().Add(d - time.Hour)))
}

// ServeHTTP is the honest web: the two pages that connectivity checks ask
// for, and a page for everything else.
func (w *Web) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Date", time.Now().Add(time.Duration(w.now.Load())).UTC().Format(http.TimeFormat))
	switch r.URL.Path {
	case "/success.txt":
		_, _ = io.WriteString(rw, "success\n")
	case "/check_network_status.txt":
		_, _ = io.WriteString(rw, "NetworkManager is online\n")
	case "/generate_204":
		rw.WriteHeader(http.StatusNoContent)
	default:
		_, _ = io.WriteString(rw, "<html><body>This is "+r.Host+".</body></html>\n")
	}
}

func (w *Web) listen(on *Node, ip string) {
	w.n.ServeHTTP(on, net.JoinHostPort(ip, "80"), w)
	w.n.serveHTTP(w.secure(on.Listen(net.JoinHostPort(ip, "443"))), w)
}

// secure speaks TLS with whatever certificates are set at the time.
func (w *Web) secure(l net.Listener) net.Listener {
	return tls.NewListener(l, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
		return w.tls.Load(), nil
	}})
}

// ServeHTTP serves plain HTTP on a node.
func (n *Net) ServeHTTP(on *Node, address string, h http.Handler) { n.serveHTTP(on.Listen(address), h) }

// ServeTLS serves HTTPS on a node with certificates of an authority.
func (n *Net) ServeTLS(on *Node, address string, a *Authority, h http.Handler) {
	n.serveHTTP(tls.NewListener(on.Listen(address), a.Config(time.Now().Add(-time.Hour))), h)
}

func (n *Net) serveHTTP(l net.Listener, h http.Handler) {
	s := &http.Server{Handler: h, ReadHeaderTimeout: 30 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	n.onClose(func() { s.Close() })
	n.run(func() { _ = s.Serve(l) })
}

// Proxy is an HTTP proxy (RFC 9110, CONNECT and absolute-form requests) that
// reaches the world's web without leaving the process.
func (n *Net) Proxy(on *Node, address string) {
	n.ServeHTTP(on, address, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			rw.Header().Set("Via", "1.1 proxy.lan")
			n.Web.ServeHTTP(rw, r)
			return
		}
		conn, buf, err := http.NewResponseController(rw).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n")
		inner := tls.Server(buffered{conn, buf.Reader}, n.Web.tls.Load())
		serveOne(inner, n.Web)
	}))
}

// buffered gives back what the server had read ahead when it was hijacked.
type buffered struct {
	net.Conn
	r *bufio.Reader
}

func (b buffered) Read(p []byte) (int, error) { return b.r.Read(p) }

// serveOne serves HTTP on a connection that is already there, until it ends.
func serveOne(c net.Conn, h http.Handler) {
	l := &oneConn{conn: c, ended: make(chan struct{})}
	s := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0), ConnState: func(_ net.Conn, st http.ConnState) {
		if st == http.StateClosed || st == http.StateHijacked {
			close(l.ended)
		}
	}}
	_ = s.Serve(l)
}

type oneConn struct {
	conn  net.Conn
	taken bool
	ended chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	if !l.taken {
		l.taken = true
		return l.conn, nil
	}
	<-l.ended
	return nil, net.ErrClosed
}
func (l *oneConn) Close() error   { return nil }
func (l *oneConn) Addr() net.Addr { return l.conn.LocalAddr() }
