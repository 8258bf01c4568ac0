// Package local looks at what this PC itself may run out of while its network
// is fine: ports to connect from, open files, room to write its settings,
// room to remember its neighbours. It sends nothing.
package local

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "local"}

// Facts are the stores and how full they are. A maximum of zero is not known.
type Facts struct {
	AtMS       float64    `json:"at_ms" privacy:"none"`
	Ports      Ports      `json:"ports"`
	Files      Files      `json:"files"`
	Rooms      []Room     `json:"rooms,omitempty"`
	Neighbours Neighbours `json:"neighbours"`
}

// Ports are what outgoing connections may use (ip(7), ip_local_port_range).
type Ports struct {
	Low  int `json:"low" privacy:"none"`
	High int `json:"high" privacy:"none"`
	Used int `json:"used" privacy:"none"` // TCP sockets in use or in TIME_WAIT
}

// Size is how many ports there are; zero when not known.
func (p Ports) Size() int {
	if p.High < p.Low || p.High == 0 {
		return 0
	}
	return p.High - p.Low + 1
}

// Files are open files: of the whole system (proc(5), file-nr) and of single
// programs.
type Files struct {
	Open    uint64    `json:"open" privacy:"none"`
	Max     uint64    `json:"max" privacy:"none"`
	Crowded []Process `json:"crowded,omitempty"`
	Unseen  int       `json:"unseen" privacy:"none"` // programs whose files only an administrator may count
}

// Process is a program at its own limit (getrlimit(2), RLIMIT_NOFILE).
type Process struct {
	PID   int    `json:"pid" privacy:"none"`
	Name  string `json:"name" privacy:"proc"`
	Open  int    `json:"open" privacy:"none"`
	Limit int    `json:"limit" privacy:"none"`
}

// Room is where the system's network settings are written.
type Room struct {
	Dir    string `json:"dir" privacy:"none"`     // /etc or /run
	Total  uint64 `json:"total" privacy:"none"`   // bytes of its filesystem
	Full   bool   `json:"full" privacy:"none"`    // no block or no inode is left, the superuser's reserve included
	OnRoot bool   `json:"on_root" privacy:"none"` // is part of the filesystem of /
}

// Neighbours is the table of devices on the LAN (arp(7), gc_thresh3).
type Neighbours struct {
	Count int `json:"count" privacy:"none"`
	Max   int `json:"max" privacy:"none"`
}

// A program counts as crowded from 95 % of its limit: what it opens next may
// need several. Limits under 16 are set on purpose, to forbid opening.
const (
	crowdedPercent = 95
	smallestLimit  = 16
)

// crowded reports a program that runs out of files. One with more open than
// it may have gave up the right to open others on purpose (sandboxes do).
func crowded(open, limit int) bool {
	return limit >= smallestLimit && open <= limit && open*100 >= limit*crowdedPercent
}
