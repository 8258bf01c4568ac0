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

const hostsFile = "/etc/hosts"

// hostsCommentLine switches off the line of the hosts file that sends a name
// to the wrong place.
var hostsCommentLine = Fix{
	ID:    "hosts-comment-line",
	For:   []string{"dns.hosts_override"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: planHostsLine,
}

func planHostsLine(_ context.Context, h host.Host, c Case) ([]Step, error) {
	entries := overriding(c)
	if len(entries) == 0 {
		return nil, refuse("not_needed")
	}
	path := c.path(hostsFile)
	if target, err := h.Readlink(path); err == nil {
		return nil, refuse("hosts_link", "Link", target)
	}
	before, err := step.ObserveFile(path)
	if err != nil {
		return nil, err
	}
	if locked := step.Locked(path); locked != "" {
		return nil, refuse("locked", "Path", locked).by("chattr -i -a " + locked)
	}
	lines := slices.Collect(strings.Lines(string(before.Bytes)))
	own := ownNames(h, c)
	for _, e := range entries {
		if e.Line < 1 || e.Line > len(lines) || !names(lines[e.Line-1], e) {
			return nil, refuse("hosts_changed")
		}
		if other := needed(lines[e.Line-1], own); other != "" {
			return nil, refuse("hosts_shared", "Line", e.Line, "Name", other)
		}
	}
	for _, e := range entries {
		lines[e.Line-1] = comment(lines[e.Line-1])
	}
	s := step.FileStep(path, before, before.WithBytes([]byte(strings.Join(lines, ""))))
	s.Say = text.M("step.comment_line", "Line", entries[0].Line, "Name", entries[0].Name, "IP", entries[0].IP)
	return []Step{s}, nil
}

// overriding are the entries the cause is about: the line it names, or all
// that stand in the facts.
func overriding(c Case) []dns.HostsEntry {
	entries := dns.Section.Of(c.Facts).Hosts.Entries
	var line int
	switch n := c.Cause.Args["Line"].(type) {
	case int:
		line = n
	case float64: // after a trip through JSON
		line = int(n)
	}
	var out []dns.HostsEntry
	for _, e := range entries {
		known := slices.ContainsFunc(out, func(o dns.HostsEntry) bool { return o.Line == e.Line })
		if !known && (line == 0 || e.Line == line) {
			out = append(out, e)
		}
	}
	return out
}

// names reports that a line still says what the facts say (hosts(5)).
func names(line string, e dns.HostsEntry) bool {
	line, _, _ = strings.Cut(line, "#")
	f := strings.Fields(line)
	return len(f) > 1 && sameIP(f[0], e.IP) && slices.ContainsFunc(f[1:], func(n string) bool {
		return strings.EqualFold(strings.TrimSuffix(n, "."), e.Name)
	})
}

// needed returns a name on the line that this PC itself lives by.
func needed(line string, own []string) string {
	line, _, _ = strings.Cut(line, "#")
	for _, n := range strings.Fields(line) {
		if slices.ContainsFunc(own, func(o string) bool { return strings.EqualFold(o, n) }) {
			return n
		}
	}
	return ""
}

// ownNames are names a hosts file must not lose: sudo, mail and databases
// look them up.
func ownNames(h host.Host, c Case) []string {
	out := []string{"localhost", "ip6-localhost", "localhost.localdomain"}
	if b, err := h.ReadFile(c.path("/etc/hostname")); err == nil {
		if n := strings.TrimSpace(string(b)); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// comment splices "# " before the line and touches nothing else. A byte order
// mark stays the first thing in the file.
func comment(line string) string {
	if rest, ok := strings.CutPrefix(line, "\ufeff"); ok {
		return "\ufeff# " + rest
	}
	return "# " + line
}
