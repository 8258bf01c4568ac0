package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// line of the matrix: what was expected, and what was said; how many worlds,
// by rights.
type line struct {
	expected, named string
	verdict         verdict
}

// print writes the matrix, then every answer that somebody should look at,
// and the sum. It returns errNotClean when one of them is wrong.
func print(all []*cell, took time.Duration) error {
	all = sorted(all)
	counts, sum := map[line]map[string]int{}, map[verdict]int{}
	for _, c := range all {
		v := c.verdict()
		sum[v]++
		if v == unbuilt {
			continue
		}
		l := line{c.expected(), c.said(), v}
		if counts[l] == nil {
			counts[l] = map[string]int{}
		}
		counts[l][c.rights]++
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "expected\tnamed\t\t")
	for _, r := range rights {
		fmt.Fprint(table, r.name, "\t")
	}
	fmt.Fprintln(table, "explained again")
	for _, l := range slices.SortedFunc(maps.Keys(counts), byExpected) {
		fmt.Fprintf(table, "%s\t%s\t%s\t", l.expected, l.named, l.verdict)
		for _, r := range rights {
			fmt.Fprintf(table, "%d\t", counts[l][r.name])
		}
		fmt.Fprintln(table, replays(all, l))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, c := range all {
		switch v := c.verdict(); {
		case v == unbuilt:
			fmt.Printf("not built: %s as %s: %v\n", c.world.Name, c.rights, c.err)
		case c.second && v == wrong:
			fmt.Printf("WRONG: %s as %s: expected %s, named %s, at first %s\n", c.world.Name, c.rights, c.expected(), c.said(), c.first)
		case c.second:
			fmt.Printf("looked at twice: %s as %s: expected %s, at first %s\n", c.world.Name, c.rights, c.expected(), c.first)
		}
	}
	fmt.Printf("%d answers in %s: %d right, %d honest without rights, %d wrong, %d not built here\n",
		len(all), took.Round(time.Second), sum[right], sum[honest], sum[wrong], sum[unbuilt])
	if sum[wrong] > 0 {
		return errNotClean
	}
	return nil
}

// replays says whether explain, with the reports of a line as they are and
// redacted, reached the same diagnosis.
func replays(all []*cell, l line) string {
	for _, c := range all {
		if c.replay != "" && (line{c.expected(), c.said(), c.verdict()}) == l {
			return "DIFFERS"
		}
	}
	return "the same"
}

// byExpected sorts lines: healthy first, then by name, the best answer first.
func byExpected(a, b line) int {
	healthy := func(l line) int {
		if l.expected == "healthy" {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(healthy(a), healthy(b)), cmp.Compare(a.expected, b.expected), -cmp.Compare(min(a.verdict, right), min(b.verdict, right)),
		cmp.Compare(a.verdict, b.verdict), cmp.Compare(a.named, b.named))
}
