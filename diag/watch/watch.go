// Package watch is for faults that come and go: it repeats the cheap probes,
// keeps an incident timeline, and has the normal diagnosis name the cause
// while an incident lasts.
//
//	Prober ──Tick──▶ Tracker ──Change──▶ whoever looks on
//	(I/O)            (pure)
//
// [Tracker] is pure: ticks in, changes out, no clock of its own. [Watch] is
// the loop around it. Everything kept is bounded, however long it runs.
package watch

import (
	"time"
)

// Station is one stop on the way out, nearest first. A break at one of them
// makes all behind it silent too.
type Station int

// The stations that are asked.
const (
	Link     Station = iota // this PC's own connection: carrier, address, default route; nothing is sent
	Router                  // echo, or a packet that ends there (TTL 1)
	Provider                // TCP connect to an anchor: the way out as programs use it
	Names                   // one question to the name server this PC asks first
	Stations
)

var stationNames = [Stations]string{"link", "router", "provider", "names"}

// String is the stable name: message keys and JSON use it.
func (s Station) String() string { return stationNames[s] }

// MarshalText writes the stable name.
func (s Station) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// State is what became of asking one station once.
type State int

// States of a reading. The zero value is Unasked.
const (
	Unasked  State = iota // not asked, or cut short: says nothing
	Answered              // in time
	Lost                  // no answer in time, or a refusal by somebody who is not the station
)

// Reading is one station asked once.
type Reading struct {
	State State
	RTT   time.Duration // with Answered
	// Retried: it answered, but a packet was lost on the way (the kernel had
	// to repeat a SYN, we a question). It counts as a loss, its RTT does not
	// count.
	Retried bool
}

// Moment is one point in time on three clocks, since none alone tells a
// clock that was set from a PC that slept.
type Moment struct {
	Wall time.Time     // may be set by anybody at any time
	Mono time.Duration // stands still while the PC sleeps (CLOCK_MONOTONIC)
	Boot time.Duration // goes on while the PC sleeps (CLOCK_BOOTTIME); equal to Mono where there is none
}

// Tick is every station asked once, at the same time.
type Tick struct {
	At, Ended Moment
	Readings  [Stations]Reading
	// Place names the router asked (address and link). When it changes, this is
	// another network, and what the old router did is no measure any more.
	Place  string
	Anchor string        // who was asked as [Provider]
	Way    Way           // the link this PC goes out by; zero when not known
	Late   time.Duration // how late this program's own timers were: so much too long its times may be
	Signal int           // of the Wi-Fi link, dBm; 0 not known
}

// Sample is a tick as the chart needs it.
type Sample struct {
	Boot     time.Duration
	Readings [Stations]Reading
	Signal   int
}
