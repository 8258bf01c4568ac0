package watch

import (
	"context"
	"time"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/host"
)

// Machine is a watch over a real machine.
type Machine struct {
	Host     host.Host
	Config   config.Config
	Interval time.Duration
	Observe  func(changes []Change, view func(samples int) View)
}

// diagnosed leaves out what cannot interrupt anything: disks are for the full
// check.
var diagnosed = []string{"connectivity", "gateway", "dns", "wifi"}

// Run watches until ctx ends. It returns the summary and everyone that was
// contacted.
func (m Machine) Run(ctx context.Context) (View, []diag.Contact) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	wake, news := Listen(ctx)
	var sent Contacts
	p := NewProber(m.Host, m.Config, news, sent.Add)
	w := Watch{
		Interval: m.Interval, Clock: Now, Observe: m.Observe, Wake: wake,
		Tick: p.Tick,
		Diagnose: func(ctx context.Context) (Verdict, int) {
			res := catalog.Run(ctx, m.Host, catalog.Options{Config: m.Config, Focus: diag.Focus{Only: diagnosed}})
			for _, c := range res.Contacted {
				sent.Add(c)
			}
			return verdictOf(res.Diagnosis), Packets(res.Contacted)
		},
	}
	v := w.Run(ctx)
	return v, sent.Rows()
}

// verdictOf takes the first root cause that breaks something, or else the
// first that annoys.
func verdictOf(d diag.Diagnosis) Verdict {
	for _, severity := range []diag.Status{diag.Fail, diag.Warn} {
		for _, c := range d.Causes {
			if c.Severity == severity {
				return Verdict{Naming: Named, Cause: c.ID, Title: c.Message("title")}
			}
		}
	}
	return Verdict{Naming: Unclear}
}
