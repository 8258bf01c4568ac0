package diag

import "slices"

// Part is how far one measurement of the second tier is. The first tier has
// none: it is over before anybody could read it.
type Part struct {
	Check, Probe string // IDs; "part.<probe>" says in words what it does
	Done, Of     int    // steps; Of is 0 until the probe knows how many
	Ended        bool   // whole, failed or cut: nothing more comes
}

// Step says how far the probe that this environment belongs to is: done of so
// many steps. Steps never go back. Outside of a deep probe it does nothing. It
// must not be called from within [Section.Update] or [Store.Look].
func (e *Env) Step(done, of int) {
	if e.step != nil {
		e.step(done, of)
	}
}

// part gives a deep probe its place among the parts: what the probe calls at
// every step, and what is called when it has ended.
func (g *group) part(c Check, p Probe) (step func(done, of int), over func()) {
	if !p.Deep {
		return nil, func() {}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	at := len(g.parts)
	g.parts = append(g.parts, Part{Check: c.ID, Probe: p.ID})
	change := func(f func(*Part)) {
		g.mu.Lock()
		f(&g.parts[at])
		g.mu.Unlock()
		g.env.Facts.poke()
	}
	step = func(done, of int) {
		change(func(p *Part) { p.Done, p.Of = min(max(p.Done, done), of), of })
	}
	return step, func() { change(func(p *Part) { p.Ended = true }) }
}

// progress is a copy of all parts as they stand, in the order they started.
func (g *group) progress() []Part {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.parts)
}
