package diag

import (
	"encoding/json"
	"fmt"
	"maps"
	"sync"
)

// Facts are plain data, one section per family of checks ("link", "dns" …),
// each owned by its package. They marshal to JSON and back without loss;
// sections nobody here knows are kept as they came.
type Facts struct{ parts map[string]any } // *T, or json.RawMessage until decoded

// Section names one family's part of the facts and gives it its type.
type Section[T any] struct{ Name string }

// Of returns the section, or its zero value when nothing was gathered or a
// saved section does not decode.
func (s Section[T]) Of(f Facts) T {
	switch p := f.parts[s.Name].(type) {
	case *T:
		return *p
	case json.RawMessage:
		var v T
		if json.Unmarshal(p, &v) == nil {
			return v
		}
	}
	var zero T
	return zero
}

// In returns facts with this section set: for tests and fixtures.
func (s Section[T]) In(f Facts, v T) Facts {
	out := Facts{parts: map[string]any{}}
	for name, part := range f.parts {
		out.parts[name] = part
	}
	out.parts[s.Name] = &v
	return out
}

// Decode gives a section read from a file its type, so that a wrong type is
// an error that names the section.
func (s Section[T]) Decode(f Facts) error {
	raw, ok := f.parts[s.Name].(json.RawMessage)
	if !ok {
		return nil
	}
	v := new(T)
	if err := json.Unmarshal(raw, v); err != nil {
		return fmt.Errorf("facts.%s: %w", s.Name, err)
	}
	f.parts[s.Name] = v
	return nil
}

// Update changes this section under the store's lock and tells the runner.
// Once the run was cut or is over, changes are dropped, so that a late answer
// cannot make the saved facts differ from the verdict.
func (s Section[T]) Update(st *Store, change func(*T)) {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	if st.gate.closed {
		return
	}
	p, ok := st.core.facts.parts[s.Name].(*T)
	if !ok {
		v := s.Of(st.core.facts)
		p = &v
		st.core.facts.parts[s.Name] = p
	}
	change(p)
	st.core.notify()
}

// Sectioned is a section without its type: what the catalogue lists.
type Sectioned interface{ Decode(Facts) error }

// Each visits every section by name; part is a pointer to the section's type,
// or json.RawMessage where nobody here knows it.
func (f Facts) Each(visit func(name string, part any)) {
	for name, part := range f.parts {
		visit(name, part)
	}
}

// Drop forgets a section.
func (f Facts) Drop(name string) { delete(f.parts, name) }

// MarshalJSON writes one object, a member per section.
func (f Facts) MarshalJSON() ([]byte, error) {
	if f.parts == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(f.parts)
}

// UnmarshalJSON keeps every section raw; see [Section.Decode].
func (f *Facts) UnmarshalJSON(b []byte) error {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	f.parts = make(map[string]any, len(raw))
	for name, part := range raw {
		f.parts[name] = part
	}
	return nil
}

// Store is the facts while they are being gathered: one lock, one signal, and
// a gate that is closed when what comes in no longer counts.
type Store struct {
	core *core
	gate *gate
}

type core struct {
	mu      sync.Mutex
	facts   Facts
	changed chan struct{} // closed and replaced at every change
}

type gate struct{ closed bool } // guarded by core.mu

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{core: &core{facts: Facts{parts: map[string]any{}}, changed: make(chan struct{})}, gate: &gate{}}
}

// anew returns what makes stores that hold what this one holds now.
func (st *Store) anew() func() *Store {
	given := map[string]any{}
	st.Look(func(f Facts) {
		for name, part := range f.parts {
			if b, err := json.Marshal(part); err == nil { // plain data: it always does
				given[name] = json.RawMessage(b)
			}
		}
	})
	return func() *Store {
		out := NewStore()
		maps.Copy(out.core.facts.parts, given)
		return out
	}
}

// behind returns the same facts behind a gate of their own.
func (st *Store) behind(g *gate) *Store { return &Store{core: st.core, gate: g} }

func (c *core) notify() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Look lets a pure function read the facts under the lock. It must not keep
// what it was given, nor call the store.
func (st *Store) Look(read func(Facts)) {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	read(st.core.facts)
}

// lookAndClose is Look, and closes the gate in the same breath if read says
// so; it reports whether the gate was open until now.
func (st *Store) lookAndClose(g *gate, read func(Facts) bool) bool {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	if !read(st.core.facts) || g.closed {
		return false
	}
	g.closed = true
	return true
}

// shut closes gates: nothing that comes in through them counts any more.
func (st *Store) shut(gates ...*gate) {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	for _, g := range gates {
		g.closed = true
	}
}

// poke wakes everyone who waits for a change.
func (st *Store) poke() {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	st.core.notify()
}

// next returns a channel that is closed at the next change.
func (st *Store) next() <-chan struct{} {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	return st.core.changed
}

// Await blocks until cond holds for the facts; false when done ends first.
func (st *Store) Await(done <-chan struct{}, cond func(Facts) bool) bool {
	for {
		st.core.mu.Lock()
		ok, next := cond(st.core.facts), st.core.changed
		st.core.mu.Unlock()
		if ok {
			return true
		}
		select {
		case <-next:
		case <-done:
			return false
		}
	}
}

// copied is the facts as they stand, for someone who reads them while probes
// go on adding to the store. Facts survive JSON without loss.
func (st *Store) copied() (f Facts) {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	if b, err := json.Marshal(st.core.facts); err == nil {
		_ = f.UnmarshalJSON(b) // what was just written can be read
	}
	return f
}

// seal ends gathering and returns the facts, which nobody changes any more.
func (st *Store) seal() Facts {
	st.core.mu.Lock()
	defer st.core.mu.Unlock()
	st.gate.closed = true
	return st.core.facts
}
