package fixes

import (
	"context"
	"slices"
	"strings"
	"testing"

	"deskside/fixes/internal/failpoint"
)

// What must be durable before what. A kill cannot show a missing fsync, since
// the kernel still has the data; the order of operations can.
func TestOrderOfDurableOperations(t *testing.T) {
	path := t.TempDir() + "/file"
	write(t, path, "a\n")
	e := newEngine(t)
	p, err := editPlan(path)
	must(t, err)
	var ops []string
	failpoint.Set(func(op string) { ops = append(ops, op) })
	defer failpoint.Set(nil)
	tx, err := e.Apply(context.Background(), p, nil)
	must(t, err)
	_, err = e.Keep(context.Background(), tx.ID)
	must(t, err)

	in := func(suffix string) string { return "tx/.new-" + tx.ID + suffix }
	at := 0
	for _, want := range []string{
		"journal create " + in("/intent.json"), "journal fsync " + in("/intent.json"),
		"journal fsync folder " + in("/blobs"), "journal fsync folder " + in("/staging"), "journal fsync folder " + in(""),
		"journal rename " + in(""), "journal fsync folder tx",
		"create temp", "write", "fsync target", "rename target", "fsync folder",
		"journal link applied", "journal fsync folder tx/" + tx.ID,
		"journal link kept", "journal fsync folder tx/" + tx.ID,
		"journal rename tx/" + tx.ID, "journal fsync folder tx", "journal fsync folder archive",
	} {
		i := slices.Index(ops[at:], want)
		if i < 0 {
			t.Fatalf("no %q after %q in\n%s", want, ops[max(0, at-1)], strings.Join(ops, "\n"))
		}
		at += i + 1
	}
	for i, op := range ops {
		if name, ok := strings.CutPrefix(op, "journal create "); ok && !slices.Contains(ops[i:], "journal fsync "+name) {
			t.Errorf("%s is never made durable", name)
		}
	}
}
