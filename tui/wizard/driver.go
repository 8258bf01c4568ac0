package wizard

import (
	"context"
	"sync"
)

// Driver runs effects in goroutines and hands their events to one channel. It
// belongs to the goroutine that owns the wizard; only Events may be received
// from elsewhere.
type Driver struct {
	w       *Wizard
	ctx     context.Context
	cancel  context.CancelFunc
	events  chan Event
	last    chan Event    // events after Finish has begun
	closing chan struct{} // closed when Finish begins
	idle    chan struct{} // poked when an effect ends
	mu      sync.Mutex
	running int
}

// Drive makes the driver of a conversation. The life of ctx is the person's:
// when it ends, looking stops early and nothing new is applied.
func Drive(ctx context.Context, w *Wizard) *Driver {
	d := &Driver{w: w, events: make(chan Event), last: make(chan Event),
		closing: make(chan struct{}), idle: make(chan struct{}, 1)}
	d.ctx, d.cancel = context.WithCancel(ctx)
	return d
}

// Events delivers what the effects report, one after the other. Whoever
// receives gives each to Handle.
func (d *Driver) Events() <-chan Event { return d.events }

// Choose makes a choice and starts what follows from it.
func (d *Driver) Choose(id string) { d.Run(d.w.Choose(id)) }

// Enter gives what was typed on a page that asks for it and starts what
// follows from it.
func (d *Driver) Enter(typed string) { d.Run(d.w.Enter(typed)) }

// Handle gives an event to the wizard and starts what follows from it.
func (d *Driver) Handle(e Event) { d.Run(d.w.Handle(e)) }

// Run starts effects.
func (d *Driver) Run(effects []Effect) {
	for _, effect := range effects {
		d.mu.Lock()
		d.running++
		d.mu.Unlock()
		go func() {
			defer d.ended()
			effect(d.ctx, d.emit)
		}()
	}
}

func (d *Driver) ended() {
	d.mu.Lock()
	d.running--
	d.mu.Unlock()
	select {
	case d.idle <- struct{}{}:
	default:
	}
}

// emit hands one event over. Once Finish has begun nobody reads Events any
// more, or only a goroutine that is being torn down: then Finish takes them.
func (d *Driver) emit(e Event) {
	select {
	case <-d.closing:
	default:
		select {
		case d.events <- e:
			return
		case <-d.closing:
		}
	}
	d.last <- e
}

// Finish ends the conversation, however it came to its end: looking is
// stopped, a running fix is waited for, and what is applied but undecided is
// taken back. When it returns no effect is running. It returns what it took
// back, nil when there was nothing. Call it once.
func (d *Driver) Finish() *UndoneMsg {
	d.w.over = true
	close(d.closing)
	d.cancel()
	d.settle()
	var back *UndoneMsg
	for _, effect := range d.w.HangUp() {
		d.Run([]Effect{func(ctx context.Context, emit func(Event)) {
			effect(ctx, func(e Event) {
				if e.Undone != nil {
					back = e.Undone
				}
				emit(e)
			})
		}})
	}
	d.settle()
	return back
}

// settle handles events until no effect runs.
func (d *Driver) settle() {
	for {
		d.mu.Lock()
		n := d.running
		d.mu.Unlock()
		if n == 0 {
			return
		}
		select {
		case e := <-d.last:
			d.Handle(e)
		case <-d.idle:
		}
	}
}
