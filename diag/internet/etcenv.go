package internet

import "strings"

// assignment is one line of /etc/environment that counts.
type assignment struct {
	value string
	line  int // counted from 1
}

// ParseEnvironmentFile reads /etc/environment as pam_env(8) does: NAME=value,
// "export" and blanks before it allowed, # starts a comment, one pair of
// quotes around the value is taken off. The last line for a name wins. It is
// pure, and never fails: lines that mean nothing are passed over.
func ParseEnvironmentFile(b []byte) map[string]assignment {
	out := map[string]assignment{}
	number := 0
	for line := range strings.Lines(string(b)) {
		number++
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		line = strings.TrimSpace(strings.TrimPrefix(line, "export "))
		name, value, ok := strings.Cut(line, "=")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			continue
		}
		out[name] = assignment{unquoted(value), number}
	}
	return out
}

func unquoted(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}
