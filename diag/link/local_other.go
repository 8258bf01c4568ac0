//go:build !linux

package link

import (
	"context"
	"net/netip"

	"deskside/diag"
)

// Local cannot read this system's network tables yet, and says so.
func Local(_ context.Context, env *diag.Env) {
	Section.Update(env.Facts, func(f *Facts) {
		f.AtMS, f.Readable, f.Why = env.SinceMS(), diag.No, notHere
	})
}

// PathTo asks nobody here: the path stays unknown.
func PathTo(_ *diag.Env, purpose, dest string) Path { return Path{For: purpose, Dest: dest} }

// Ask is PathTo without keeping the answer.
func Ask(netip.Addr) Path { return Path{} }

// Probes: nothing is watched here yet.
func Probes() []diag.Probe { return nil }
