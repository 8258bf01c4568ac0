// Package people says who sits at a PC: whose settings its programs follow.
package people

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"deskside/diag/host"
)

// Person is somebody whose settings this PC's programs may follow.
type Person struct{ Name, Home string }

const (
	// firstHuman and lastHuman bound the user IDs that people get on Linux
	// systems (login.defs(5), UID_MIN and UID_MAX).
	firstHuman, lastHuman = 1000, 60000
	// mostPeople are looked at, however many a PC has.
	mostPeople = 8
)

// Here are those who sit at this PC now: who runs this program, who called
// sudo, and who has a session (a folder in /run/user, pam_systemd(8)). What
// somebody set who is not there troubles nobody. Where nobody is there but
// root, all people count: the caller may just have logged out.
func Here(h host.Host) []Person {
	if h.OS() != "linux" {
		return nil
	}
	var out []Person
	add := func(p Person) {
		if p.Home != "" && p.Home != "/" && len(out) < mostPeople && !slices.ContainsFunc(out, func(o Person) bool { return o.Home == p.Home }) {
			out = append(out, p)
		}
	}
	accounts := readPasswd(h)
	ids := []string{h.Getenv("SUDO_UID")}
	if sessions, err := h.ReadDir("/run/user"); err == nil {
		for _, s := range sessions {
			ids = append(ids, s.Name())
		}
	}
	somebody := false
	for _, id := range ids {
		if p, ok := accounts[id]; ok && human(id) {
			add(p)
			somebody = true
		}
	}
	own := Person{accounts[strconv.Itoa(h.Euid())].Name, h.Getenv("HOME")}
	somebody = somebody || human(strconv.Itoa(h.Euid()))
	add(own)
	if !somebody {
		for _, id := range sorted(accounts) {
			if human(id) {
				add(accounts[id])
			}
		}
	}
	return out
}

func human(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && n >= firstHuman && n <= lastHuman
}

// readPasswd maps user IDs to people: passwd(5).
func readPasswd(h host.Host) map[string]Person {
	b, _ := h.ReadFile("/etc/passwd") // without one there is nobody
	out := map[string]Person{}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if len(f) == 7 && path.IsAbs(f[5]) && out[f[2]] == (Person{}) {
			out[f[2]] = Person{f[0], f[5]}
		}
	}
	return out
}

func sorted(accounts map[string]Person) []string {
	var ids []string
	for id := range accounts {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
