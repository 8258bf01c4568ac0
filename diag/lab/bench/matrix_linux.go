package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"deskside/diag/lab"
)

// rights are the three kinds of users a PC has.
var rights = []struct {
	name   string
	user   string
	noPing bool
}{{"root", "root", false}, {"user", "nobody", false}, {"user without ping", "nobody", true}}

// atOnce worlds share two cores; they mostly wait.
const atOnce = 3

// outcome is one cell: what a world should be called, and what it was.
type outcome struct {
	world, rights, expected, named, status string
}

// what says how good the answer is. Not to see something without rights, and
// to say so, is honest; another name, or "fine", is wrong.
func (o outcome) what() string {
	switch {
	case o.named == o.expected && (o.expected != "" || o.status == "ok"):
		return "right"
	case o.named == "" && o.status == "unknown":
		return "not told"
	case o.named == "" && o.status != "ok":
		return "unnamed"
	case strings.HasPrefix(o.named, o.expected+" ") || o.expected != "" && strings.HasPrefix(o.expected, o.named+" "):
		return "partly"
	}
	return "WRONG"
}

func matrix(program string, names []string) error {
	worlds, err := named(names, nil)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var all []outcome
	var failed error
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for _, w := range worlds {
		for _, r := range rights {
			slots <- struct{}{}
			running.Go(func() {
				defer func() { <-slots }()
				o, err := one(w, program, r.name, r.user, r.noPing)
				mu.Lock()
				defer mu.Unlock()
				failed = cmp.Or(failed, err)
				all = append(all, o)
			})
		}
	}
	running.Wait()
	if failed != nil {
		return failed
	}
	print(all)
	return nil
}

func one(w lab.World, program, name, user string, noPing bool) (o outcome, err error) {
	w.User, w.Site.NoPing = user, w.Site.NoPing || noPing
	o = outcome{world: w.Name, rights: name, expected: strings.Join(w.Expect, " ")}
	err = within(w, func(l *lab.Lab) error {
		m, err := check(l, program, "")
		o.named, o.status = m.causes(), m.Status
		return err
	})
	return o, err
}

// print writes the matrix, a line for every pair of names, and then every
// world that was not named right.
func print(all []outcome) {
	type pair struct{ expected, named, what string }
	cells := map[pair]map[string]int{}
	for _, o := range all {
		p := pair{cmp.Or(o.expected, "healthy"), cmp.Or(o.named, "("+o.status+")"), o.what()}
		if cells[p] == nil {
			cells[p] = map[string]int{}
		}
		cells[p][o.rights]++
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "expected\tnamed\t\t")
	for _, r := range rights {
		fmt.Fprint(table, r.name, "\t")
	}
	fmt.Fprintln(table)
	pairs := slices.SortedFunc(maps.Keys(cells), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.expected, b.expected), cmp.Compare(a.what, b.what), cmp.Compare(a.named, b.named))
	})
	for _, p := range pairs {
		fmt.Fprintf(table, "%s\t%s\t%s\t", p.expected, p.named, p.what)
		for _, r := range rights {
			fmt.Fprintf(table, "%d\t", cells[p][r.name])
		}
		fmt.Fprintln(table)
	}
	table.Flush()
	counts := map[string]int{}
	for _, o := range all {
		counts[o.what()]++
		if o.what() != "right" {
			fmt.Printf("%s: %s as %s: expected %q, named %q (%s)\n", o.what(), o.world, o.rights, o.expected, o.named, o.status)
		}
	}
	fmt.Printf("%d runs: %v\n", len(all), counts)
}
