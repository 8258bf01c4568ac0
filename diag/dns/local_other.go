//go:build !linux

package dns

import (
	"deskside/diag"
	"deskside/diag/host"
)

const confPath = "/etc/resolv.conf"

// readConf says that it did not look: Windows has no such file, and the one
// of macOS says itself that it is not used.
func readConf(env *diag.Env) Conf { return Conf{AtMS: env.SinceMS(), Why: "os"} }

func readNSS(host.Host) NSS { return NSS{} }

func readStub(host.Host, Conf) *Stub { return nil }
