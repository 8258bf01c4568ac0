package internet

import (
	"crypto/x509"
	"encoding/pem"
	"path"

	"deskside/diag"
	"deskside/diag/host"
)

// anchorDirs are where people put authorities that the system is to trust
// beside those it came with: update-ca-certificates(8), update-ca-trust(8) on
// Fedora, Arch and SUSE.
var anchorDirs = []string{
	"/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors",
	"/etc/ca-certificates/trust-source/anchors", "/etc/pki/trust/anchors",
}

// mostAnchors are read, whatever somebody put there.
const mostAnchors = 64

// addedHere reports whether an authority was put among the trusted ones of
// this PC by hand, by a company or a security program. Where nobody here knows
// how that is done, it is Maybe.
func addedHere(h host.Host, ca *x509.Certificate) diag.Tri {
	if h.OS() != "linux" || ca == nil {
		return diag.Maybe
	}
	read := 0
	for _, dir := range anchorDirs {
		entries, _ := h.ReadDir(dir) // each system has one of them
		for _, e := range entries {
			b, err := h.ReadFile(path.Join(dir, e.Name()))
			if read++; err != nil || read > mostAnchors {
				continue
			}
			for _, der := range certificates(b) {
				if c, err := x509.ParseCertificate(der); err == nil && c.Equal(ca) {
					return diag.Yes
				}
			}
		}
	}
	return diag.No
}

// certificates are those of a PEM file, or the file itself where it is none.
func certificates(b []byte) [][]byte {
	var out [][]byte
	rest := b
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "CERTIFICATE" {
			out = append(out, block.Bytes)
		}
	}
	if out == nil {
		out = [][]byte{b}
	}
	return out
}
