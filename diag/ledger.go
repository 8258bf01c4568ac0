package diag

import (
	"sort"
	"sync"
)

// Contact is one remote party this run sent something to.
type Contact struct {
	Address string `json:"address" privacy:"ip"`
	Port    int    `json:"port" privacy:"none"` // 0 for protocols without ports
	Proto   string `json:"proto" privacy:"none"`
	Why     string `json:"why" privacy:"none"` // a message key's last part: "contact.<why>"
	Bytes   int    `json:"bytes" privacy:"none"`
	Packets int    `json:"packets" privacy:"none"` // sends by us; the kernel's own (TCP handshake) are not counted
}

// Ledger lists everyone contacted. Whoever sends anything records it here.
type Ledger struct {
	mu   sync.Mutex
	rows []Contact
}

// Sent records bytes of payload sent to a party, adding to what is there.
func (l *Ledger) Sent(address string, port int, proto, why string, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.rows {
		r := &l.rows[i]
		if r.Address == address && r.Port == port && r.Proto == proto && r.Why == why {
			r.Bytes += bytes
			r.Packets++
			return
		}
	}
	l.rows = append(l.rows, Contact{address, port, proto, why, bytes, 1})
}

// Rows returns a sorted copy.
func (l *Ledger) Rows() []Contact {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := append([]Contact{}, l.rows...)
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Address != b.Address {
			return a.Address < b.Address
		}
		return a.Port < b.Port
	})
	return out
}
