package internet

import (
	"crypto/x509"
	"errors"
	"time"
)

// verify says what this PC's trusted authorities make of a chain at a time.
// Chain and name are looked at apart, so that a stranger's certificate for a
// wrong name is still a stranger's. Go reports a wrong time before an unknown
// authority, which is why the caller asks at two times. The authority comes
// back where the chain leads to one.
func verify(chain []*x509.Certificate, name string, at time.Time) (Verdict, *x509.Certificate) {
	if withoutRoots() {
		return NoRoots, nil
	}
	between := x509.NewCertPool()
	for _, c := range chain[1:] {
		between.AddCert(c)
	}
	ways, err := chain[0].Verify(x509.VerifyOptions{Intermediates: between, CurrentTime: at})
	var invalid x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	switch {
	case err == nil && chain[0].VerifyHostname(name) != nil:
		return WrongName, nil
	case err == nil:
		return Trusted, ways[0][len(ways[0])-1]
	case errors.As(err, &unknown):
		return UnknownCA, nil
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		if invalid.Cert != nil && at.Before(invalid.Cert.NotBefore) {
			return NotYetValid, nil
		}
		return Expired, nil
	}
	return BadChain, nil
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
