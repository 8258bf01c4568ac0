package internet

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
)

// authority signs certificates; the trusted one is the only one the system
// roots of this test binary hold (SSL_CERT_FILE, read once by crypto/x509).
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

var trustedCA, strangeCA = newAuthority("Trusted Test Root"), newAuthority("Stranger Root")

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "roots")
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(dir, "roots.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trustedCA.cert.Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		log.Fatal(err)
	}
	os.Setenv("SSL_CERT_FILE", file)
	os.Setenv("SSL_CERT_DIR", filepath.Join(dir, "none"))
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func newAuthority(name string) authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().AddDate(-40, 0, 0), NotAfter: time.Now().AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		log.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		log.Fatal(err)
	}
	return authority{cert, key}
}

// sign makes a server certificate for names, valid for a day from a moment.
func (a authority) sign(t testing.TB, from time.Time, names ...string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: from, NotAfter: from.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, n := range names {
		if ip := net.ParseIP(n); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, n)
		}
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

// childVariable marks a run of this test binary inside a network namespace.
const childVariable = "DESKSIDE_TEST_CHILD"

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// pc is this machine with files, variables and a clock of its own.
type pc struct {
	host.Local
	files map[string]string
	vars  map[string]string
	ahead time.Duration // how far the PC's clock is ahead
}

func (p pc) Now() time.Time            { return time.Now().Add(p.ahead) }
func (p pc) Getenv(name string) string { return p.vars[name] }
func (p pc) ReadFile(path string) ([]byte, error) {
	if s, ok := p.files[path]; ok {
		return []byte(s), nil
	}
	return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

// Dial lets nothing leave this machine.
func (p pc) Dial(ctx context.Context, opt host.DialOptions, network, address string) (net.Conn, error) {
	if !netip.MustParseAddrPort(address).Addr().IsLoopback() {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.ENETUNREACH)}
	}
	return p.Local.Dial(ctx, opt, network, address)
}

// counting counts the connections that are open.
type counting struct {
	host.Host
	open *atomic.Int64
}

func (c counting) Dial(ctx context.Context, o host.DialOptions, network, address string) (net.Conn, error) {
	conn, err := c.Host.Dial(ctx, o, network, address)
	if err != nil {
		return nil, err
	}
	c.open.Add(1)
	return &counted{Conn: conn, gone: sync.OnceFunc(func() { c.open.Add(-1) })}, nil
}

type counted struct {
	net.Conn
	gone func()
}

func (c *counted) Close() error {
	c.gone()
	return c.Conn.Close()
}

// look runs this half of the check against loopback servers, and proves that
// it leaves no goroutine and no connection behind.
func look(t *testing.T, h host.Host, p config.Probe) (Facts, map[string]diag.Finding, diag.Result) {
	t.Helper()
	before, open := runtime.NumGoroutine(), new(atomic.Int64)
	cfg := config.Default()
	cfg.Probe = p
	check := diag.Check{ID: "connectivity", Local: Local, Probes: Probes(), Judge: Judge}
	r := diag.Runner{
		Checks:  []diag.Check{check},
		Explain: func(diag.Facts, []diag.CheckResult) diag.Diagnosis { return diag.Diagnosis{} },
	}.Run(context.Background(), diag.NewEnv(counting{h, open}, cfg))
	if n := open.Load(); n != 0 {
		t.Errorf("%d connections are still open", n)
	}
	for end := time.Now().Add(200 * time.Millisecond); runtime.NumGoroutine() > before+servers && time.Now().Before(end); {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before+servers {
		buf := make([]byte, 1<<16)
		t.Errorf("%d goroutines before, %d after\n%s", before, n, buf[:runtime.Stack(buf, true)])
	}
	return Section.Of(r.Facts), byCode(r.Checks[0].Judgement), r
}

// servers is how many goroutines the test's own servers may add.
const servers = 6

func byCode(j diag.Judgement) map[string]diag.Finding {
	out := map[string]diag.Finding{}
	for _, f := range j.Findings {
		out[f.Code] = f
	}
	return out
}

func wantStatus(t *testing.T, findings map[string]diag.Finding, want map[string]diag.Status) {
	t.Helper()
	for code, s := range want {
		if got := findings["connectivity."+code].Status; got != s {
			t.Errorf("connectivity.%s is %v, want %v", code, got, s)
		}
	}
}
