package watch

import (
	"slices"
	"sync"

	"deskside/diag"
)

// mostContacts bounds the list: a PC that roams for days asks many routers.
const mostContacts = 256

// Contacts adds up the ledgers of all ticks and diagnoses.
type Contacts struct {
	mu   sync.Mutex
	rows []diag.Contact
}

// Add takes one row. Beyond [mostContacts] parties the counts go to the last
// row of the same purpose, so that the totals stay true.
func (c *Contacts) Add(row diag.Contact) {
	c.mu.Lock()
	defer c.mu.Unlock()
	similar := -1
	for i := range c.rows {
		r := &c.rows[i]
		if r.Proto != row.Proto || r.Why != row.Why {
			continue
		}
		if similar = i; r.Address == row.Address && r.Port == row.Port {
			r.Bytes, r.Packets = r.Bytes+row.Bytes, r.Packets+row.Packets
			return
		}
	}
	if len(c.rows) < mostContacts || similar < 0 {
		c.rows = append(c.rows, row)
		return
	}
	r := &c.rows[similar]
	r.Bytes, r.Packets = r.Bytes+row.Bytes, r.Packets+row.Packets
}

// Rows returns a copy, in the order of first contact.
func (c *Contacts) Rows() []diag.Contact {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.rows)
}
