package dns

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/miekg/dns"

	"deskside/diag"
)

// A name server that hangs and one that takes long over a name look the same
// for as long as it takes. What sets them apart is a question that needs
// nobody else's answer: a server that lives answers it at once, if only by
// saying that it does not know. An open TCP port says less: the kernel opens
// that, also for a process that hangs.
const (
	// lifeName is known to every name server by itself (RFC 6761, 6.3).
	lifeName = "localhost"
	// lifeAfter is when a server is asked for a sign of life: with the first
	// repetition of the question that it has not answered.
	lifeAfter = 300 * time.Millisecond
)

// pulse is what is known of a server meanwhile, shared by the questions put to
// it at the same time.
type pulse struct{ alive, answered atomic.Bool }

// feel asks a server that is late with its first answer for a sign of life. It
// ends when silence over the first question would be known.
func (p *pulse) feel(ctx context.Context, env *diag.Env, s Server) {
	var watch sync.WaitGroup
	defer watch.Wait()
	ctx, cancel := context.WithTimeout(ctx, udpBudget)
	defer cancel()
	soon, over := context.WithTimeout(ctx, lifeAfter)
	defer over()
	done := func(all diag.Facts) bool {
		f := Section.Of(all)
		_, ok := f.server(s).Find("udp", KindName, "A")
		return ok
	}
	if env.Facts.Await(soon.Done(), done) || ctx.Err() != nil {
		return
	}
	watch.Go(func() {
		if env.Facts.Await(ctx.Done(), done) {
			cancel()
		}
	})
	r, known := ask(ctx, env, question{server: s.Address, proto: "udp", kind: KindName, name: lifeName, qtype: dns.TypeA, once: true, why: whyOf(s)})
	p.alive.Store(known && r.Outcome == Answered)
}

// maySlow reports that the server lives and nothing says yet that its name
// service is quick: silence may still become an answer.
func (p *pulse) maySlow() bool { return p != nil && p.alive.Load() && !p.answered.Load() }
