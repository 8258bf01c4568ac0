package fixes

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// dnsSearchDrop takes endings out of the search list for which nobody
// answers: the C library tries them before the name itself.
var dnsSearchDrop = Fix{
	ID:    "dns-search-drop",
	For:   []string{"dns.search_stall"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: planSearchDrop,
}

func planSearchDrop(_ context.Context, h host.Host, c Case) ([]Step, error) {
	dead := deadEndings(dns.Section.Of(c.Facts))
	if len(dead) == 0 {
		return nil, refuse("not_needed")
	}
	content, before, err := ownResolvConf(h, c, droppingEndings(c, dead))
	if err != nil {
		return nil, err
	}
	if before.Type != step.Regular {
		return nil, keptBy(dns.OwnerUnknown)
	}
	after := before.WithBytes(withoutEndings(content, dead))
	if after.SHA256 == before.SHA256 {
		return nil, refuse("conf_changed")
	}
	s := step.FileStep(c.path(resolvConf), before, after)
	s.Say = text.M("step.drop_search", "Search", dead)
	return []Step{s}, nil
}

// deadEndings are those of the search list with which a name was asked for
// and never answered.
func deadEndings(f dns.Facts) (dead []string) {
	for _, s := range f.Servers {
		for _, q := range s.Queries {
			if q.Kind != dns.KindSearch || q.Outcome != dns.Silent {
				continue
			}
			for _, ending := range f.Conf.Search {
				if endsIn(q.Name, ending, s) && !slices.Contains(dead, ending) {
					dead = append(dead, ending)
				}
			}
		}
	}
	return dead
}

// endsIn: the name is one that was asked for without the ending as well. (A
// name with the ending a.b ends in b, too.)
func endsIn(name, ending string, s dns.Server) bool {
	return slices.ContainsFunc(s.Queries, func(q dns.Query) bool {
		return q.Kind == dns.KindName && name == q.Name+"."+strings.Trim(ending, ".")
	})
}

// withoutEndings takes words out of the line that counts: the last one that
// begins with search or domain (resolv.conf(5)). Where none is left it says
// "search .", as systemd-resolved writes it: without the line the C library
// would go by the host's own name.
func withoutEndings(b []byte, dead []string) []byte {
	lines := slices.Collect(strings.Lines(string(b)))
	for i := len(lines) - 1; i >= 0; i-- {
		word, rest, _ := strings.Cut(strings.ReplaceAll(lines[i], "\t", " "), " ")
		if word != "search" && word != "domain" {
			continue
		}
		words := strings.Fields(rest)
		if word == "domain" { // takes one word, ignores the others
			words = words[:min(len(words), 1)]
		}
		left := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(dead, w) })
		if len(left) == len(words) {
			break
		}
		if len(left) == 0 {
			left = []string{"."}
		}
		end := ""
		if strings.HasSuffix(lines[i], "\n") {
			end = "\n"
		}
		lines[i] = "search " + strings.Join(left, " ") + end
		break
	}
	return []byte(strings.Join(lines, ""))
}

// droppingEndings are the commands that leave the others of the search list
// in place through an owner.
func droppingEndings(c Case, dead []string) func(owner string) []string {
	dev := outwardLink(c.Facts)
	left := slices.DeleteFunc(slices.Clone(dns.Section.Of(c.Facts).Conf.Search), func(s string) bool { return slices.Contains(dead, s) })
	list := strings.Join(left, " ")
	return func(owner string) []string {
		switch owner {
		case dns.OwnerResolved:
			return []string{fmt.Sprintf("resolvectl domain %s %q", dev, list)}
		case dns.OwnerNM:
			return []string{fmt.Sprintf("nmcli device modify %s ipv4.dns-search %q", dev, list)}
		case dns.OwnerDHCPCD:
			if list == "" {
				return []string{"echo 'nooption domain_search, domain_name' >> /etc/dhcpcd.conf", "dhcpcd -n " + dev}
			}
			return []string{fmt.Sprintf("echo 'static domain_search=%s' >> /etc/dhcpcd.conf", list), "dhcpcd -n " + dev}
		case dns.OwnerDHClient:
			return []string{fmt.Sprintf("echo 'supersede domain-search \"%s\";' >> /etc/dhcp/dhclient.conf", strings.Join(left, `", "`)), "dhclient " + dev}
		}
		return nil
	}
}
