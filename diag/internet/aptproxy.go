package internet

import (
	"path"
	"regexp"
	"strings"

	"deskside/diag/host"
)

// aptProxies reads what apt alone uses to fetch packages: apt.conf(5). Parts
// come first, in the order of their names, the main file last; the last word
// wins. DIRECT means no proxy (apt-transport-http(1)).
func aptProxies(h host.Host) []setting {
	const dir = "/etc/apt/apt.conf.d"
	var files []string
	entries, _ := h.ReadDir(dir) // a PC without apt has none
	for _, e := range entries {
		if aptPart.MatchString(e.Name()) {
			files = append(files, path.Join(dir, e.Name()))
		}
	}
	said := map[string]aptValue{}
	for _, file := range append(files, "/etc/apt/apt.conf") {
		b, err := h.ReadFile(file)
		if err != nil {
			continue
		}
		for key, v := range ParseAptConf(b) {
			said[key] = aptValue{v.value, v.line, file}
		}
	}
	var out []setting
	for _, kind := range []struct{ key, scheme, variable string }{
		{"acquire::http::proxy", "http", "Acquire::http::Proxy"}, {"acquire::https::proxy", "https", "Acquire::https::Proxy"},
	} {
		if v := said[kind.key]; v.value != "" && !strings.EqualFold(v.value, "DIRECT") {
			out = append(out, made(Proxy{Variable: kind.variable, Source: fromAPT, File: v.file, Line: v.line}, kind.scheme, v.value))
		}
	}
	return out
}

type aptValue struct {
	value string
	line  int
	file  string
}

// aptPart is the names of parts that apt reads: apt.conf(5).
var aptPart = regexp.MustCompile(`^[A-Za-z0-9_.-]*\.conf$|^[A-Za-z0-9_-]+$`)

// aptWord is a comment, a quoted word, a mark, or a bare word.
var aptWord = regexp.MustCompile(`(?s)//[^\n]*|#[^\n]*|/\*.*?(?:\*/|$)|"[^"]*"|[{};]|(?:[^\s{};"/#]|/[^/*])+|\n`)

// ParseAptConf reads every option of a file by its whole name in lower case,
// however it is nested. It is pure and never fails.
func ParseAptConf(b []byte) map[string]assignment {
	out := map[string]assignment{}
	var scopes, words []string
	line := 1
	for _, token := range aptWord.FindAllString(string(b), -1) {
		at := line
		line += strings.Count(token, "\n")
		switch {
		case token == "\n", strings.HasPrefix(token, "//"), strings.HasPrefix(token, "#"), strings.HasPrefix(token, "/*"):
		case token == "{":
			scopes = append(scopes, strings.Join(words, "::"))
			words = nil
		case token == "}":
			scopes, words = scopes[:max(0, len(scopes)-1)], nil
		case token == ";":
			if len(words) == 2 {
				out[strings.ToLower(strings.Join(append(scopes[:len(scopes):len(scopes)], words[0]), "::"))] = assignment{words[1], at}
			}
			words = nil
		default:
			words = append(words, unquoted(token))
		}
	}
	return out
}
