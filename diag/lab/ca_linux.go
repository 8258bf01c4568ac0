package lab

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"sync"
	"time"
)

// Authority signs certificates for whatever name a client asks for.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

const year = 365 * 24 * time.Hour

// NewAuthority makes a certificate authority that no one trusts yet.
func NewAuthority(name string) *Authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err, "authority %s", name)
	t := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-year), NotAfter: time.Now().Add(10 * year),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	must(err, "authority %s", name)
	cert, err := x509.ParseCertificate(der)
	must(err, "authority %s", name)
	return &Authority{cert, key}
}

// trusted is the authority that the PC of every world trusts.
var trusted = sync.OnceValue(func() *Authority { return NewAuthority("Lab Root CA") })

// PEM returns the authority's certificate.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// Config serves certificates valid from a time on, for thirty days.
func (a *Authority) Config(from time.Time) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err, "leaf key")
	return &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		t := &x509.Certificate{
			SerialNumber: serial(), Subject: pkix.Name{CommonName: hello.ServerName},
			NotBefore: from, NotAfter: from.Add(30 * 24 * time.Hour),
			KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}
		if hello.ServerName != "" {
			t.DNSNames = []string{hello.ServerName}
		} else if here, ok := hello.Conn.LocalAddr().(*net.TCPAddr); ok {
			t.IPAddresses = []net.IP{here.IP}
		}
		der, err := x509.CreateCertificate(rand.Reader, t, a.cert, &key.PublicKey, a.key)
		return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, err
	}}
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	must(err, "serial number")
	return n
}
