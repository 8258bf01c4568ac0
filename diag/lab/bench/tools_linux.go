package main

import (
	"fmt"
	"os"
	"os/exec"
	"text/tabwriter"
	"time"

	"deskside/diag/lab"
)

// typed is what a technician types today, one after another. curl alone would
// wait for minutes, so it is told not to.
var typed = [][]string{
	{"ping", "-c", "4", lab.Quad9},
	{"dig", "www.example.com"},
	{"mtr", "-rwnc", "3", lab.Quad9},
	{"curl", "-sS", "-o", "/dev/null", "--max-time", "10", "http://probe.example.net/success.txt"},
}

// compared are worlds that a technician meets.
var compared = []string{"healthy", "healthy-icmp-filtered", "gw-dead", "wan-down", "wan-silent-2", "dns-server-silent", "dns-first-dead", "portal-302"}

func tools(runs int, program string, names []string) error {
	worlds, err := named(names, compared)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	head := "world\tdeskside names\tafter s\tpackets\t"
	for _, argv := range typed {
		if _, err := exec.LookPath(argv[0]); err != nil {
			return fmt.Errorf("%s is not installed here", argv[0])
		}
		head += argv[0] + " s\t"
	}
	fmt.Fprintln(table, head+"all four s\tpackets")
	for _, w := range worlds {
		err := within(w, func(l *lab.Lab) error {
			var ours []measure
			theirs := make([][]measure, len(typed))
			for range runs {
				m, err := check(l, program, "")
				if err != nil {
					return err
				}
				ours = append(ours, m)
				for i, argv := range typed {
					_, m, err := run(l, "", argv...)
					if err != nil {
						return err
					}
					theirs[i] = append(theirs[i], m)
				}
			}
			fmt.Fprintf(table, "%s\t%s\t%.2f\t%.0f\t", w.Name, ours[0].causes(), at(ours, 0.5, verdictMS)/1000, at(ours, 0.5, packets))
			seconds, sent := 0.0, 0.0
			for _, each := range theirs {
				s := at(each, 0.5, func(m measure) float64 { return m.wall.Seconds() })
				seconds, sent = seconds+s, sent+at(each, 0.5, packets)
				fmt.Fprintf(table, "%.1f\t", s)
			}
			fmt.Fprintf(table, "%.1f\t%.0f\n", seconds, sent)
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Fprint(os.Stderr, w.Name, " ")
		time.Sleep(apart)
	}
	fmt.Fprintln(os.Stderr)
	return table.Flush()
}
