package fixes

import (
	"context"
	"strings"

	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// option is a word for the options line of resolv.conf, and the C library
// that knows it first: resolv.conf(5). Older ones pass over it in silence, so
// that setting it there would be no fix at all.
type option struct {
	word  string
	since version
}

var (
	useVC  = option{"use-vc", version{2, 14}}
	noAAAA = option{"no-aaaa", version{2, 36}}
)

// dnsUseVC makes programs ask over TCP where UDP, or what is long in it, does
// not get through.
var dnsUseVC = Fix{
	ID:    "dns-use-vc",
	For:   []string{"dns.udp53_blocked", "dns.large_dropped"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: func(ctx context.Context, h host.Host, c Case) ([]Step, error) {
		if asksItself(c) { // the way to this PC's own name service is not the one that is blocked
			return nil, refuse("dns_stub").by(tlsByHand(c)...)
		}
		return planOption(ctx, h, c, useVC)
	},
}

// dnsNoAAAA makes programs ask for IPv4 addresses only, where questions for
// the others are never answered.
var dnsNoAAAA = Fix{
	ID:    "dns-no-aaaa",
	For:   []string{"dns.aaaa_timeout"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: func(ctx context.Context, h host.Host, c Case) ([]Step, error) {
		if l := link.Section.Of(c.Facts); len(l.Defaults(4)) == 0 && len(l.Defaults(6)) > 0 {
			return nil, refuse("only_ipv6")
		}
		return planOption(ctx, h, c, noAAAA)
	},
}

// planOption adds a line of its own: the C library sums all options lines up,
// and the lines that are there stay as they are.
func planOption(ctx context.Context, h host.Host, c Case, o option) ([]Step, error) {
	if dns.Section.Of(c.Facts).Conf.Has(o.word) {
		return nil, refuse("not_needed")
	}
	have, known := glibc(ctx, h)
	if !known {
		return nil, refuse("libc_unknown", "Option", o.word)
	}
	if have.before(o.since) {
		return nil, refuse("libc_old", "Option", o.word, "Have", have.String(), "Need", o.since.String())
	}
	content, before, err := ownResolvConf(h, c, settingOption(h, c, o.word))
	if err != nil {
		return nil, err
	}
	if before.Type != step.Regular {
		return nil, keptBy(dns.OwnerUnknown)
	}
	s := step.FileStep(c.path(resolvConf), before, before.WithBytes(withLine(content, "options "+o.word)))
	s.Say = text.M("step.add_option", "Option", o.word)
	return []Step{s}, nil
}

// withLine appends a line; a last line without an end gets one.
func withLine(b []byte, line string) []byte {
	s := string(b)
	if s != "" && !strings.HasSuffix(s, "\n") {
		s += "\n"
	}
	return []byte(s + line + "\n")
}

// asksItself: the only name service that programs ask stands on this PC.
func asksItself(c Case) bool {
	asked := false
	for _, s := range dns.Section.Of(c.Facts).Servers {
		if s.Role == dns.Configured {
			if asked = s.Scope == link.Loopback; !asked {
				return false
			}
		}
	}
	return asked
}

// tlsByHand makes systemd-resolved ask over TCP, which it does for the sake
// of encryption only: resolvectl(1).
func tlsByHand(c Case) []string {
	if stub := dns.Section.Of(c.Facts).Stub; stub == nil || stub.Kind != dns.OwnerResolved {
		return nil
	}
	return []string{"resolvectl dnsovertls " + outwardLink(c.Facts) + " yes"}
}

// settingOption are the commands that set an option through an owner; none
// where the owner knows no way.
func settingOption(h host.Host, c Case, word string) func(owner string) []string {
	dev := outwardLink(c.Facts)
	return func(owner string) []string {
		switch owner {
		case dns.OwnerNM:
			return []string{"nmcli device modify " + dev + " +ipv4.dns-options " + word}
		case dns.OwnerResolvconf:
			if _, err := h.Stat(c.path("/etc/resolvconf.conf")); err == nil { // openresolv
				return []string{`echo 'resolv_conf_options="` + word + `"' >> /etc/resolvconf.conf`, "resolvconf -u"}
			}
			return []string{"echo 'options " + word + "' >> /etc/resolvconf/resolv.conf.d/tail", "resolvconf -u"}
		case dns.OwnerDHCPCD:
			return []string{"echo 'options " + word + "' >> /etc/resolv.conf.tail", "dhcpcd -n " + dev}
		}
		return nil
	}
}
