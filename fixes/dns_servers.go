package fixes

import (
	"context"
	"slices"
	"strings"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

const resolvConf = "/etc/resolv.conf"

// dnsSetServers names servers in resolv.conf that answered in this run.
var dnsSetServers = Fix{
	ID: "dns-set-servers",
	For: []string{"dns.none_configured", "dns.resolvconf_dangling", "dns.stub_down", "dns.server_closed",
		"dns.server_silent", "dns.servfail", "dns.nxdomain_hijack", "dns.refused",
		"dns.vpn_leftover", "dns.dnssec_bogus", "dns.answer_forged", "dns.first_server_dead"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: planSetServers,
}

func planSetServers(_ context.Context, h host.Host, c Case) ([]Step, error) {
	servers, from := workingServers(believed(c))
	if len(servers) == 0 {
		return nil, refuse("no_server")
	}
	content, before, err := ownResolvConf(h, c, settingServers(c, servers))
	if err != nil {
		return nil, err
	}
	after := before.WithBytes(withServers(content, servers))
	if before.Type == step.Regular && after.SHA256 == before.SHA256 {
		return nil, refuse("nothing_better")
	}
	s := step.FileStep(c.path(resolvConf), before, after)
	s.Say = text.M("step.set_servers."+from, "Servers", servers)
	if before.Type == step.Symlink {
		s.Say = text.M("step.replace_link", "Servers", servers, "Link", before.Link)
	}
	return []Step{s}, nil
}

// believed is what was found out about name servers, without those that the
// cause says are lying. Elsewhere, an address inside for a name that has
// others outside may be what a company wants.
func believed(c Case) dns.Facts {
	f := dns.Section.Of(c.Facts)
	if c.Cause.ID != "dns.answer_forged" {
		return f
	}
	all := f
	f.Servers = slices.DeleteFunc(slices.Clone(all.Servers), func(s dns.Server) bool {
		return s.Role != dns.Control && slices.ContainsFunc(s.Queries, all.Misled)
	})
	return f
}

// untried marks servers nobody has asked to the end.
const untried = "untried"

// workingServers picks who may answer from now on: other configured servers
// first, those that the file names and the system passes over, then those
// behind the local stub, and a control resolver only when nobody nearer works.
// Where the diagnosis was certain before any of them could answer, it takes
// those that did not fail, and says that they are untried: the check after the
// fix tells. At most three, as many as glibc uses (MAXNS).
func workingServers(f dns.Facts) (servers []string, from string) {
	for _, role := range []string{dns.Configured, dns.Passed, dns.Upstream, dns.Control} {
		if servers = pick(f, role, func(s dns.Server) bool { return trustworthy(s) && !f.Remembers(s) }); len(servers) > 0 {
			return servers, role
		}
	}
	for _, role := range []string{dns.Passed, dns.Upstream, dns.Control} {
		open := func(s dns.Server) bool { return s.State() == dns.NotKnown }
		if servers = pick(f, role, open); len(servers) > 0 {
			return servers, untried
		}
	}
	return nil, ""
}

func pick(f dns.Facts, role string, good func(dns.Server) bool) (out []string) {
	for _, s := range f.Servers {
		if s.Role == role && good(s) && len(out) < 3 && !slices.Contains(out, s.Address) {
			out = append(out, s.Address)
		}
	}
	return out
}

// trustworthy: it answers, it finds names that exist, it does not find names
// that do not, and gives known names the addresses that they have.
func trustworthy(s dns.Server) bool {
	asked, found := 0, 0
	for _, q := range s.Queries {
		real := q.Outcome == dns.Answered && q.Rcode == "NOERROR" && len(q.IPs) > 0
		switch {
		case q.Kind == "random" && real, q.AsKnown == diag.No, q.Rival:
			return false
		case q.Kind == "name" && q.Outcome == dns.Answered:
			asked++
			if real {
				found++
			}
		}
	}
	return s.State() == dns.Works && (asked == 0 || found > 0)
}

// withServers replaces the nameserver lines of a resolv.conf, where the first
// one was, or at the end. All other bytes stay. New lines end in a plain
// newline whatever the others do: glibc takes a carriage return for part of
// the address and then uses none.
func withServers(b []byte, servers []string) []byte {
	var lines strings.Builder
	for _, s := range servers {
		lines.WriteString("nameserver " + s + "\n")
	}
	var out strings.Builder
	placed := false
	for line := range strings.Lines(string(b)) {
		if !isServerLine(line) {
			out.WriteString(line)
			continue
		}
		if !placed {
			out.WriteString(lines.String())
			placed = true
		}
	}
	if !placed {
		if s := out.String(); s != "" && !strings.HasSuffix(s, "\n") {
			out.WriteString("\n")
		}
		out.WriteString(lines.String())
	}
	return []byte(out.String())
}

// isServerLine as glibc sees it: the word in the first column, then a blank
// (resolv.conf(5)).
func isServerLine(line string) bool {
	rest, ok := strings.CutPrefix(line, "nameserver")
	return ok && rest != "" && (rest[0] == ' ' || rest[0] == '\t')
}
