package internet

import (
	"crypto/x509"
	"errors"
	"time"
)

// verify says what this PC's trusted authorities make of a chain at a time.
// Chain and name are looked at apart, so that a stranger's certificate for a
// wrong name is still a stranger's. Go reports a wrong time before an unknown
// authority, which is why the caller asks at two times.
func verify(chain []*x509.Certificate, name string, at time.Time) Verdict {
	if withoutRoots() {
		return NoRoots
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: at})
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case err == nil && chain[0].VerifyHostname(name) != nil:
		return WrongName
	case err == nil:
		return Trusted
	case errors.As(err, &unknown):
		return UnknownCA
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && at.Before(invalid.Cert.NotBefore) {
			return NotYetValid
		}
		return Expired
	}
	return BadChain
}

// withoutRoots reports that the system has no trusted authorities at all (no
// ca-certificates package): then every chain looks like a stranger's. Where
// the system verifies itself (Windows, macOS) the pool is never equal to ours.
func withoutRoots() bool {
	pool, err := x509.SystemCertPool()
	return err != nil || pool.Equal(x509.NewCertPool())
}

// issuer names who signed a certificate, for the evidence.
func issuer(c *x509.Certificate) string {
	if c.Issuer.CommonName != "" || len(c.Issuer.Organization) == 0 {
		return c.Issuer.CommonName
	}
	return c.Issuer.Organization[0]
}
