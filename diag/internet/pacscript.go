package internet

import (
	"regexp"
	"slices"
	"strings"
)

// entryPoint is the function that every proxy script defines.
const entryPoint = "FindProxyForURL"

// choices are what a script may answer, as far as that can be read without
// running it.
type choices struct {
	proxies []string // addresses, in the order they are named
	// literal: every text in the script that looks like an answer is a whole
	// one, so that the list is complete unless the script builds names from
	// pieces that do not look like it.
	literal bool
	direct  bool // some answer lets a page go without a proxy
}

// answerItem is one entry of an answer: "PROXY host:port" or "DIRECT".
var (
	answerItem = regexp.MustCompile(`^(?i:(PROXY|HTTPS?|SOCKS[45]?)\s+((?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)|DIRECT)$`)
	answerWord = regexp.MustCompile(`(?i)\b(PROXY|SOCKS[45]?|HTTPS?)\s|\bDIRECT\b`)
	speaks     = map[string]string{"PROXY": "http", "HTTP": "http", "HTTPS": "https", "SOCKS": "socks5", "SOCKS5": "socks5", "SOCKS4": "socks4"}
)

// readChoices looks for answers in the texts of a script.
func readChoices(script string) choices {
	c := choices{literal: true}
	for _, s := range scriptTexts(script) {
		if !answerWord.MatchString(s) {
			continue
		}
		for item := range strings.SplitSeq(s, ";") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			m := answerItem.FindStringSubmatch(item)
			switch {
			case m == nil:
				c.literal = false
			case m[1] == "":
				c.direct = true
			default:
				if u, ok := proxyURL(speaks[strings.ToUpper(m[1])] + "://" + m[2]); ok && !slices.Contains(c.proxies, u.String()) {
					c.proxies = append(c.proxies, u.String())
				}
			}
		}
	}
	return c
}

// scriptTexts returns the quoted texts of a JavaScript source, comments left
// out. Regular expressions are not told from divisions: one that holds quotes
// may hide a text, which only makes a script look less literal than it is.
func scriptTexts(src string) []string {
	var out []string
	for i := 0; i < len(src); i++ {
		switch rest := src[i:]; {
		case strings.HasPrefix(rest, "//"):
			i += until(rest, "\n")
		case strings.HasPrefix(rest, "/*"):
			i += until(rest[2:], "*/") + 3
		case rest[0] == '"' || rest[0] == '\'' || rest[0] == '`':
			end := 1
			for end < len(rest) && rest[end] != rest[0] && (rest[end] != '\n' || rest[0] == '`') {
				if rest[end] == '\\' {
					end++
				}
				end++
			}
			out = append(out, rest[1:min(end, len(rest))])
			i += end
		}
	}
	return out
}

// until is how far it is to the end of mark, or of all.
func until(s, mark string) int {
	if i := strings.Index(s, mark); i >= 0 {
		return i
	}
	return len(s)
}
