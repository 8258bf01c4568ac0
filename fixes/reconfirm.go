package fixes

import (
	"context"
	"slices"
	"strconv"
	"time"

	"deskside/diag"
)

// A fault that comes and goes must not be repaired: what worked again by
// itself a moment later was no fault of the setting that would be changed. So
// before a fix is offered its cause is looked at once more, as Windows'
// Network Diagnostics Framework does (ReconfirmLowHealth, INetDiagHelperEx):
// only at what the cause explains, and only until some of it is wrong again.
//
// This decides about the offer, never about the diagnosis. Where the second
// look cannot tell (a router that answers only a few questions a second falls
// silent at the next ones), the fix is offered.

// reconfirmAfter is how long after the verdict the second look begins: what
// lasted for an instant is over by then, and a person has not read a line yet.
const reconfirmAfter = 300 * time.Millisecond

// Still says whether a fault was there on a second look.
type Still string

// What a second look can come to.
const (
	Persists Still = "persists" // wrong as before
	Gone     Still = "gone"     // all that was wrong is right
	Unclear  Still = "unclear"  // could not tell, which does not speak against a fix
)

// Look is one look at this machine: diag/catalog.Run on it.
type Look func(context.Context, diag.Focus) diag.Result

// deepCheck is what only a longer look sees. It is not looked at again: that
// would take as long once more, and might load the line without a yes.
const deepCheck = "path"

// signature is what of an assessment speaks for a cause: the findings it
// explains that were wrong, and their checks.
func signature(a diag.Assessment, c diag.Cause) (codes, checks []string) {
	for _, r := range a.Checks {
		for _, f := range r.Findings {
			if (f.Status != diag.Warn && f.Status != diag.Fail) || !slices.Contains(c.Explains, f.Code) {
				continue
			}
			if !slices.Contains(codes, f.Code) {
				codes = append(codes, f.Code)
			}
			if !slices.Contains(checks, r.ID) {
				checks = append(checks, r.ID)
			}
		}
	}
	return codes, checks
}

// Again says what a second look makes of a cause of the first. It is gone when
// every finding that spoke for it is fine now; one that is wrong again, or the
// cause named again, is enough to say that it persists.
func Again(first diag.Assessment, c diag.Cause, second diag.Assessment) Still {
	if _, named := causeOf(second, c.ID); named {
		return Persists
	}
	codes, _ := signature(first, c)
	now, fine := look(second), 0
	for _, code := range codes {
		switch now[code] {
		case diag.Warn, diag.Fail:
			return Persists
		case diag.OK:
			fine++
		}
	}
	if fine == 0 || fine < len(codes) {
		return Unclear
	}
	return Gone
}

// Second is how a look is made once more.
type Second struct {
	Look    Look
	Asked   diag.Focus // of the first look
	Verdict time.Time  // when the first look had named its causes
}

// Reconfirm looks once more at what spoke for a cause of the first look. A
// fault that is told by local means costs no packet. It returns a refusal when
// the fault is gone, nil when nothing speaks against repairing it.
func (s Second) Reconfirm(ctx context.Context, first diag.Assessment, c diag.Cause) *Refusal {
	codes, checks := signature(first, c)
	if len(codes) == 0 || slices.Contains(checks, deepCheck) || !waited(ctx, reconfirmAfter-time.Since(s.Verdict)) {
		return nil
	}
	second := s.Look(ctx, diag.Focus{Only: checks, Target: s.Asked.Target, Until: codes})
	if ctx.Err() != nil || Again(first, c, second.Assessment) != Gone {
		return nil
	}
	no := refuse("gone", "Seconds", strconv.FormatFloat(time.Since(s.Verdict).Seconds(), 'f', 1, 64))
	no.Gone = true
	return no
}

// Offers is the offers when every cause that could be repaired was looked at
// once more: those for a fault that is gone say so and are refused.
func (s Second) Offers(ctx context.Context, first diag.Assessment, offers []Offer) []Offer {
	out := slices.Clone(offers)
	looked := map[string]*Refusal{}
	for i, o := range out {
		c, named := causeOf(first, o.Cause)
		if o.Refusal != nil || !named {
			continue
		}
		no, done := looked[c.ID]
		if !done {
			no = s.Reconfirm(ctx, first, c)
			looked[c.ID] = no
		}
		out[i].Refusal = no
	}
	return out
}

// Repairable reports an offer that a person could take up.
func Repairable(offers []Offer) bool {
	return slices.ContainsFunc(offers, func(o Offer) bool { return o.Refusal == nil })
}

// waited is false when the person left meanwhile, or had left before.
func waited(ctx context.Context, d time.Duration) bool {
	if ctx.Err() != nil {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
