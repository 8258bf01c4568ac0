package internet

import (
	"path"
	"regexp"
	"strings"

	"deskside/diag/host"
	"deskside/diag/people"
)

// shellFile is a file that login shells or the session's services read, and
// the variables that it sets.
type shellFile struct {
	path, user string
	values     map[string]assignment
}

// shellFiles reads what sets variables for everybody (profile.d(5),
// environment.d(5)) and for those who sit here. Other shells' files (fish,
// csh) set no proxy on any system known here.
func shellFiles(h host.Host, who []people.Person) []shellFile {
	var out []shellFile
	add := func(file, user string, parse func([]byte) map[string]assignment) {
		if b, err := h.ReadFile(file); err == nil {
			if values := parse(b); len(values) > 0 {
				out = append(out, shellFile{file, user, values})
			}
		}
	}
	folder := func(dir, ending, user string, parse func([]byte) map[string]assignment) {
		entries, _ := h.ReadDir(dir) // none is none
		for _, e := range entries {
			if strings.HasSuffix(e.Name(), ending) {
				add(path.Join(dir, e.Name()), user, parse)
			}
		}
	}
	add("/etc/profile", "", ParseProfile)
	folder("/etc/profile.d", ".sh", "", ParseProfile)
	folder("/etc/environment.d", ".conf", "", ParseEnvironmentFile)
	for _, p := range who {
		for _, name := range []string{".profile", ".bash_profile", ".bashrc", ".zshenv", ".zprofile", ".zshrc"} {
			add(path.Join(p.Home, name), p.Name, ParseProfile)
		}
		folder(path.Join(p.Home, ".config/environment.d"), ".conf", p.Name, ParseEnvironmentFile)
	}
	return out
}

var (
	assigns = regexp.MustCompile(`^(?i:(https?|all|no)_proxy)=`)
	opens   = regexp.MustCompile(`^(if|case|for|while|until|select|function)\b|^[A-Za-z_][A-Za-z0-9_-]*\s*\(\)|^\{`)
	closes  = regexp.MustCompile(`^(fi|esac|done)\b|^\}`)
)

// ParseProfile reads the proxy variables that a shell script sets for certain:
// plain words, outside conditions, loops and functions. What depends on
// anything is passed over, as nobody here runs it. It is pure and never fails.
func ParseProfile(b []byte) map[string]assignment {
	out := map[string]assignment{}
	depth, number := 0, 0
	for line := range strings.Lines(string(b)) {
		number++
		for _, command := range commands(line) {
			words := strings.Fields(command)
			switch {
			case closes.MatchString(command):
				depth = max(0, depth-1)
				continue
			case opens.MatchString(command):
				depth++
				continue
			case depth > 0 || len(words) == 0:
				continue
			}
			switch words[0] {
			case "unset":
				for _, name := range words[1:] {
					delete(out, name)
				}
			case "export", "typeset", "declare":
				words = words[1:]
				fallthrough
			default:
				for _, w := range words {
					if name, value, ok := strings.Cut(w, "="); ok && assigns.MatchString(w) {
						if value = unquoted(value); literal(value) {
							out[name] = assignment{value, number}
						} else {
							delete(out, name)
						}
					}
				}
			}
		}
	}
	return out
}

// commands splits a line at semicolons and drops a comment. Quotes around
// semicolons do not occur in proxy addresses.
func commands(line string) []string {
	if i := strings.Index(" "+line, " #"); i >= 0 {
		line = line[:i]
	}
	var out []string
	for c := range strings.SplitSeq(line, ";") {
		out = append(out, strings.TrimSpace(c))
	}
	return out
}

// literal reports a word that the shell leaves as it is.
func literal(s string) bool { return !strings.ContainsAny(s, "$`\\\"'*(){}<>|&") }
