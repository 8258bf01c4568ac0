// Package diag is the engine: what a check, a finding and a cause are, and
// the runner that gathers facts and judges them. It holds no check of its own
// (see diag/catalog) and names no cause (see diag/cause).
//
//	host ──gather──▶ facts ──judge──▶ findings ──explain──▶ causes
//	(I/O)            (data)           (pure)                (pure)
//
// Gathering never decides; judging and explaining never touch anything. So
// the facts of a saved report reach the same causes again, offline.
package diag

import (
	"context"
	"time"

	"deskside/diag/config"
	"deskside/diag/host"
)

// Check is one guided check. Its title in the catalogue ("check.<id>.title")
// states the healthy condition.
type Check struct {
	ID string
	// Local reads the machine only (netlink, sysfs, /proc, files), in a few
	// milliseconds, before any probe starts. It sends nothing.
	Local func(context.Context, *Env)
	// Probes all start at once when every check's Local is done, but for the
	// short head start of those that go first.
	Probes []Probe
	// When decides from the local facts whether the check is part of a run at
	// all (nobody named a target); nil means always.
	When func(Facts) bool
	// Judge is pure: the same facts give the same findings.
	Judge func(Facts) Judgement
	// Deep checks are part of a deep look only (see [Focus]).
	Deep bool
	// Waits marks a check that waits for answers from elsewhere: on a PC too
	// busy to hear them, what did not come is not known.
	Waits bool
}

// Probe is one measurement that takes time.
type Probe struct {
	ID     string        // "dns.servers"; unique over all checks
	Budget time.Duration // its own deadline
	// Offline probes send nothing; they are not cut when a network cause is
	// proven, and the verdict does not wait for them.
	Offline bool
	// Aside probes only matter when something is wrong: a verdict that all is
	// well does not wait for them. They are cut like the others.
	Aside bool
	// First probes start before the others, which follow when Heard (nil: it
	// has nothing to hear) holds for the facts, or 25 ms later. A router that
	// has no way says so a few times in a burst and then once a second (Linux,
	// ip_rt_error_burst and ip_rt_error_cost): whoever understands it best
	// must not come behind thirty others.
	First bool
	Heard func(Facts) bool
	// Deep probes are the second tier. They start when the first has ended
	// without a proof, in a deep look, and have a wall of their own: they
	// never delay the verdict, and a cancelled one leaves it as it is.
	Deep bool
	// Suspect lets a deep probe run in a plain look too, when what the first
	// tier found points at what only this probe can tell; nil means never.
	Suspect func(Facts) bool
	// When decides from the facts at the start (of its tier) whether the probe
	// makes sense at all; nil means always.
	When func(Facts) bool
	// Run gathers. An error is recorded as the probe's end, it is never a
	// verdict. Run returns soon after ctx is done and leaves nothing behind.
	Run func(context.Context, *Env) error
}

// Env is what gathering works with.
type Env struct {
	Host   host.Host
	Config config.Config
	Facts  *Store
	Ledger *Ledger
	Focus  Focus
	start  time.Time
	step   func(done, of int) // of the deep probe this belongs to; nil for others
}

// Focus narrows a run to what the person asked for.
type Focus struct {
	Only   []string // check IDs; empty means all
	Deep   bool     // longer measurements too
	NoLoad bool     // with Deep: all but the upload that loads the line
	Target string   // the thing that does not work, as the person typed it; "" for none
	Until  []string // finding codes: the look is over as soon as one of them warns or fails; empty for a whole look
	// Answers are what the person said before the look began.
	Answers []Answer
}

// in reports that the check is part of a run with these facts.
func (c Check) in(f Facts) bool { return c.When == nil || c.When(f) }

// NewEnv returns an environment whose clock starts now.
func NewEnv(h host.Host, cfg config.Config) *Env {
	return &Env{Host: h, Config: cfg, Facts: NewStore(), Ledger: &Ledger{}, start: time.Now()}
}

// SinceMS is the time since the run began, in milliseconds (monotonic).
func (e *Env) SinceMS() float64 { return MS(time.Since(e.start)) }

// MS gives a duration in milliseconds with two decimals, as facts carry it.
func MS(d time.Duration) float64 { return float64(d.Microseconds()/10) / 100 }
