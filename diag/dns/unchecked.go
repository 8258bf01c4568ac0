package dns

import (
	"context"
	"sync"

	"deskside/diag"
)

// unchecked is the question with checking disabled, put once to a server
// that has failed in any way: if that helps, the server's signature check is
// what fails (RFC 4035 3.2.2). It goes the way on which the failure came, and
// the other one when that stays silent, as lines that lose packets do.
type unchecked struct{ once sync.Once }

func (u *unchecked) ask(ctx context.Context, env *diag.Env, s Server, q question, failed Query) {
	if failed.Outcome != Answered || failed.Rcode != "SERVFAIL" {
		return
	}
	u.once.Do(func() {
		q.noCheck = true
		if r, ok := keep(ctx, env, s, q); ok && r.Outcome != Answered {
			q.proto = map[string]string{"udp": "tcp", "tcp": "udp"}[q.proto]
			keep(ctx, env, s, q)
		}
	})
}
