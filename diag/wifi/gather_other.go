//go:build !linux

package wifi

import (
	"context"

	"deskside/diag"
)

// Local looks at nothing here yet; the judge says so.
func Local(_ context.Context, env *diag.Env) {
	Section.Update(env.Facts, func(f *Facts) { *f = Facts{AtMS: env.SinceMS(), ListAgeMS: -1, Load: Load{Tier: NoTier}} })
}

// Probes are none here yet.
func Probes() []diag.Probe { return nil }
