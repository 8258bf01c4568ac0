package main

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"deskside/diag/lab"
)

// telling are worlds whose time is bound by different things.
var telling = []string{
	"link-no-carrier", "route-no-default", "route-denied", "healthy", "healthy-v6", "healthy-slow", "healthy-provider-dns", "healthy-anchor-dead",
	"portal-302", "wan-down", "dns-server-closed", "gw-dead", "gw-dead-no-root", "dns-server-silent", "wan-silent-1", "wan-silent-2", "fw-local",
}

// apart is when the second run of a pair starts: within the time in which a
// router that has said much stays silent.
const apart = 2 * time.Second

func numbers(runs int, program string, names []string) error {
	worlds, err := named(names, telling)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "world\tnamed\tverdict p50 ms\tp95 ms\tpackets\tkB\tICMP errors\tCPU ms\t2 s later")
	for _, w := range worlds {
		var all []measure
		same := "the same"
		err := within(w, func(l *lab.Lab) error {
			for i := range runs {
				m, err := check(l, program, "")
				if err != nil {
					return err
				}
				if i > 0 && m.causes() != all[i-1].causes() {
					same = all[i-1].causes() + " → " + m.causes()
				}
				all = append(all, m)
				if i+1 < runs {
					time.Sleep(apart)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(table, "%s\t%s\t%.0f\t%.0f\t%.0f\t%.1f\t%.0f\t%.0f\t%s\n", w.Name, all[0].causes(),
			at(all, 0.5, verdictMS), at(all, 0.95, verdictMS), at(all, 0.5, packets), at(all, 0.5, kilobytes), at(all, 0.95, icmpErrors), at(all, 0.5, cpuMS), same)
		fmt.Fprint(os.Stderr, w.Name, " ")
	}
	fmt.Fprintln(os.Stderr)
	return table.Flush()
}

func verdictMS(m measure) float64  { return m.VerdictMS }
func packets(m measure) float64    { return float64(m.traffic.packets) }
func kilobytes(m measure) float64  { return float64(m.traffic.bytes) / 1000 }
func icmpErrors(m measure) float64 { return float64(m.traffic.errors) }
func cpuMS(m measure) float64      { return float64(m.cpu.Microseconds()) / 1000 }

// at is a quantile of something measured, nearest rank.
func at(all []measure, q float64, of func(measure) float64) float64 {
	var values []float64
	for _, m := range all {
		values = append(values, of(m))
	}
	slices.Sort(values)
	return values[int(q*float64(len(values)-1)+0.5)]
}
