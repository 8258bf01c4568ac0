package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

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

// errNotClean ends the command when an answer was wrong.
var errNotClean = errors.New("the matrix is not clean")

// matrix shows every world to the program with every kind of rights. What was
// answered wrong among others is asked again with nothing beside it, because
// a starved probe looks like a dead line; both answers are said, and the last
// one counts.
func matrix(program string, names []string) error {
	worlds, err := named(names, nil)
	if err != nil {
		return err
	}
	begin := time.Now()
	all := grid(worlds)
	var crowd, alone []*cell
	for _, c := range all {
		if c.world.Alone {
			alone = append(alone, c)
		} else {
			crowd = append(crowd, c)
		}
	}
	p := &progress{begin: begin, left: map[string]int{}, total: len(worlds)}
	for _, c := range all {
		p.left[c.world.Name]++
	}
	failed := answer(program, crowd, atOnce, p)
	failed = cmp.Or(failed, answer(program, alone, 1, p))
	if failed != nil {
		return failed
	}
	var again []*cell
	for _, c := range all {
		if c.verdict() == wrong {
			again = append(again, c)
			c.first, c.second = c.said(), true
		}
	}
	p.twice(len(again))
	if err := answer(program, again, 1, p); err != nil {
		return err
	}
	return print(all, time.Since(begin))
}

// grid is one cell per world and rights. A world that is about a user without
// rights says nothing about the others.
func grid(worlds []lab.World) (all []*cell) {
	for _, w := range worlds {
		for _, r := range rights {
			if r.user == "root" && w.User != "" || !r.noPing && w.Site.NoPing {
				continue
			}
			w := w
			w.User, w.Site.NoPing = r.user, r.noPing
			all = append(all, &cell{world: w, rights: r.name})
		}
	}
	return all
}

// answer fills cells, so many at a time, and returns the first failure.
func answer(program string, cells []*cell, atOnce int, p *progress) error {
	slots := make(chan struct{}, atOnce)
	var running sync.WaitGroup
	for _, c := range cells {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			c.fill(program)
			p.done(c)
		})
	}
	running.Wait()
	for _, c := range cells {
		if c.err != nil && c.verdict() != unbuilt {
			return fmt.Errorf("%s as %s: %w", c.world.Name, c.rights, c.err)
		}
	}
	return nil
}

// progress says on the standard error how far the matrix is: a line a world.
type progress struct {
	mu           sync.Mutex
	begin        time.Time
	left         map[string]int // cells of a world that are still open
	marks        []*cell
	ended, total int
}

func (p *progress) done(c *cell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := c.world.Name
	p.marks = append(p.marks, c)
	if p.left[name]--; p.left[name] > 0 {
		return
	}
	p.ended++
	var said []string
	p.marks = slices.DeleteFunc(p.marks, func(c *cell) bool {
		if c.world.Name == name {
			said = append(said, c.rights+" "+c.verdict().String())
		}
		return c.world.Name == name
	})
	fmt.Fprintf(os.Stderr, "%4d/%d %5.0f s  %-28s %s\n", p.ended, p.total, time.Since(p.begin).Seconds(), name, strings.Join(said, ", "))
}

// twice starts the count anew for the cells that are looked at again.
func (p *progress) twice(n int) {
	p.ended, p.total = 0, n
	if n > 0 {
		fmt.Fprintf(os.Stderr, "%d wrong answers are looked at again, one at a time\n", n)
	}
}

// sorted returns cells by what was expected, healthy first, and by name.
func sorted(all []*cell) []*cell {
	return slices.SortedStableFunc(slices.Values(all), func(a, b *cell) int {
		return cmp.Or(cmp.Compare(strings.Join(a.world.Expect, " "), strings.Join(b.world.Expect, " ")), cmp.Compare(a.world.Name, b.world.Name))
	})
}
