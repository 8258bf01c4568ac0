package fixes

import (
	"context"
	"slices"
	"strings"

	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// dnsReorder puts the servers that answer before those that do not: glibc
// waits five seconds for the first one at every look-up.
var dnsReorder = Fix{
	ID:    "dns-reorder",
	For:   []string{"dns.first_server_dead"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: planReorder,
}

func planReorder(_ context.Context, h host.Host, c Case) ([]Step, error) {
	f := dns.Section.Of(c.Facts)
	if f.Conf.Has("rotate") { // whatever the order, each has its turn
		return nil, refuse("rotates")
	}
	content, before, err := ownResolvConf(h, c, settingServers(c, f.Conf.Servers))
	if err != nil {
		return nil, err
	}
	after := before.WithBytes(reordered(content, func(server string) int {
		for _, s := range f.Servers {
			if s.Role == dns.Configured && s.Address == server {
				if trustworthy(s) {
					return 0
				}
				return 2
			}
		}
		return 1 // not asked: not known to be dead
	}))
	if before.Type != step.Regular || after.SHA256 == before.SHA256 {
		return nil, refuse("nothing_better")
	}
	s := step.FileStep(c.path(resolvConf), before, after)
	s.Say = text.M("step.reorder_servers")
	return []Step{s}, nil
}

// reordered sorts the nameserver lines by rank and leaves everything else
// where it is; lines of equal rank keep their order. Line ends stay in their
// places, so a last line without one stays the last.
func reordered(b []byte, rank func(server string) int) []byte {
	lines := slices.Collect(strings.Lines(string(b)))
	var places []int
	var servers []string
	for i, line := range lines {
		if isServerLine(line) {
			places = append(places, i)
			servers = append(servers, strings.TrimSuffix(line, "\n"))
		}
	}
	slices.SortStableFunc(servers, func(x, y string) int { return rank(serverOf(x)) - rank(serverOf(y)) })
	for i, at := range places {
		end := ""
		if strings.HasSuffix(lines[at], "\n") {
			end = "\n"
		}
		lines[at] = servers[i] + end
	}
	return []byte(strings.Join(lines, ""))
}

// serverOf is the address on a nameserver line.
func serverOf(line string) string {
	if f := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' }); len(f) > 1 {
		return f[1]
	}
	return ""
}
