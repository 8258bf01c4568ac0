package fixes

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

const nsswitch = "/etc/nsswitch.conf"

// nsswitchHostsDNS lets programs ask name servers again.
var nsswitchHostsDNS = Fix{
	ID:    "nsswitch-hosts-dns",
	For:   []string{"dns.nss_broken"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: planNSSwitch,
}

func planNSSwitch(_ context.Context, h host.Host, c Case) ([]Step, error) {
	path := c.path(nsswitch)
	if target, err := h.Readlink(path); err == nil {
		no := refuse("nsswitch_link", "Link", target)
		if strings.Contains(target, "authselect") { // authselect(8): it owns the file and checks it
			no = no.by("authselect current", "authselect apply-changes")
		}
		return nil, no
	}
	before, err := step.ObserveFile(path)
	if err != nil {
		return nil, err
	}
	if locked := step.Locked(path); locked != "" {
		return nil, refuse("locked", "Path", locked).by("chattr -i -a " + locked)
	}
	content, changed := askingServers(string(before.Bytes))
	if !changed {
		return nil, refuse("nsswitch_other")
	}
	s := step.FileStep(path, before, before.WithBytes([]byte(content)))
	s.Say = text.M("step.ask_servers")
	return []Step{s}, nil
}

// askingServers makes the hosts line of nsswitch.conf(5) reach "dns": it adds
// the word where it is missing, and takes out what ends every search before
// it. All other bytes stay.
func askingServers(file string) (string, bool) {
	lines := slices.Collect(strings.Lines(file))
	for i, line := range lines {
		said, comment := line, ""
		if at := strings.IndexByte(line, '#'); at >= 0 {
			said, comment = line[:at], line[at:]
		}
		database, rest, ok := strings.Cut(said, ":")
		if !ok || strings.TrimSpace(database) != "hosts" {
			continue
		}
		body := strings.TrimRight(rest, " \t\r\n")
		space := rest[len(body):]
		reaching := reachDNS(body)
		lines[i] = database + ":" + reaching + space + comment
		return strings.Join(lines, ""), reaching != body
	}
	return file, false // without the line the C library asks name servers anyway
}

// reachDNS adds " dns" to a list of sources that never asks for it, and takes
// out an action behind a source that knows a handful of names and would end
// the search for all others. Those of mdns4_minimal and resolve are meant: the
// one speaks for .local only, the other asks name servers itself.
func reachDNS(body string) string {
	words, whole := sourceWords(body)
	if !whole {
		return body // the C library cannot read it either
	}
	for i, w := range words {
		switch body[w.from:w.to] {
		case "dns":
			return body
		case "files", "myhostname", "mymachines", "db":
			if i+1 < len(words) && ends(body[words[i+1].from:words[i+1].to]) {
				return reachDNS(body[:w.to] + body[words[i+1].to:])
			}
		}
	}
	return body + " dns"
}

type span struct{ from, to int }

// sourceWords are the places of sources and of actions in brackets; whole is
// false where a bracket stays open.
func sourceWords(body string) (out []span, whole bool) {
	for at := 0; at < len(body); {
		switch {
		case body[at] == ' ' || body[at] == '\t':
			at++
			continue
		case body[at] == '[':
			end := strings.IndexByte(body[at:], ']')
			if end < 0 {
				return out, false
			}
			out = append(out, span{at, at + end + 1})
			at += end + 1
		default:
			end := strings.IndexAny(body[at:], " \t[")
			if end < 0 {
				end = len(body) - at
			}
			out = append(out, span{at, at + end})
			at += end
		}
	}
	return out, true
}

// actionWords are what stands in brackets: [STATUS=action], [!STATUS=action].
var actionWords = regexp.MustCompile(`(!?)([a-z]+)\s*=\s*([a-z]+)`)

// ends reports an action that makes "no such name" the last word.
func ends(action string) bool {
	for _, a := range actionWords.FindAllStringSubmatch(strings.ToLower(action), -1) {
		if not, status, act := a[1] == "!", a[2], a[3]; act == "return" && (status == "notfound") != not {
			return true
		}
	}
	return false
}
