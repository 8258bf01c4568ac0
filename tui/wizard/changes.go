package wizard

import "deskside/fixes"

// changes is what was done to this machine, newest first: what the journal
// said at the start, and what this session did.
type changes struct {
	txs        []fixes.Tx
	mine       []string // IDs of this session's transactions
	unreadable error    // the journal could not be read
}

// put records the newest state of a transaction.
func (c *changes) put(tx fixes.Tx) {
	if tx.ID == "" {
		return
	}
	for i := range c.txs {
		if c.txs[i].ID == tx.ID {
			c.txs[i] = tx
			return
		}
	}
	c.txs = append([]fixes.Tx{tx}, c.txs...)
	c.mine = append(c.mine, tx.ID)
}

// session returns what this session did.
func (c changes) session() []fixes.Tx {
	return c.only(func(tx fixes.Tx) bool { return contains(c.mine, tx.ID) })
}

// open returns what nobody has decided, and what could not be finished.
func (c changes) open() []fixes.Tx {
	return c.only(func(tx fixes.Tx) bool { return tx.State.Open() })
}

// undoable returns what can be taken back from here: at most nine, because
// each needs a key of its own; `deskside status` lists them all.
func (c changes) undoable() []fixes.Tx {
	out := c.only(func(tx fixes.Tx) bool {
		return (tx.State.Undoable() || tx.State == fixes.Applied) && tx.Undo != fixes.R4
	})
	return out[:min(len(out), 9)]
}

func (c changes) only(want func(fixes.Tx) bool) []fixes.Tx {
	var out []fixes.Tx
	for _, tx := range c.txs {
		if want(tx) {
			out = append(out, tx)
		}
	}
	return out
}
