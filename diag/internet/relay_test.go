package internet

import (
	"net/http"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

func TestRelayOf(t *testing.T) {
	for head, want := range map[string]string{
		"":                                         "",
		"Via: 1.1 proxy.lan (squid/5)":             "proxy.lan",
		"Via: 1.1 origin, 1.0 Box.Lan:3128 (x)":    "box.lan:3128",
		"Via: 1.1 google":                          "",
		"Via: 1.1 varnish, 1.1 varnish":            "",
		"Via: nonsense":                            "",
		"X-Cache: MISS from squid.corp":            "squid.corp",
		"X-Cache: HIT":                             "",
		"X-Cache: Hit from cloudfront":             "",
		"X-Cache-Lookup: HIT from squid.corp:3128": "squid.corp:3128",
	} {
		h := http.Header{}
		if name, value, ok := strings.Cut(head, ": "); ok {
			h.Set(name, value)
		}
		if got := relayOf(h); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

// Two sites and what lies between them and this PC.
func TestRelay(t *testing.T) {
	page := func(via, before, after string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			if via != "" {
				w.Header().Set("Via", via)
			}
			w.Write([]byte(before + "success\n" + after))
		}
	}
	const ad = "<script src=http://ads.test/x.js></script>"
	for name, c := range map[string]struct {
		a, b          http.HandlerFunc
		rows, changed bool
	}{
		"nobody":                        {page("", "", ""), page("", "", ""), false, false},
		"the same box":                  {page("1.1 box (x)", "", ""), page("1.1 box", "", ""), true, false},
		"each its own front":            {page("1.1 fronta", "", ""), page("1.1 frontb", "", ""), false, false},
		"one box, one without":          {page("1.1 box", "", ""), page("", "", ""), false, false},
		"the same addition":             {page("", "", ad), page("", "", ad), true, true},
		"an addition before":            {page("", ad, ""), page("", ad, ""), true, true},
		"pages with words of their own": {page("", "", "hello"), page("", "", "welcome"), false, false},
		"the same plain words":          {page("", "", "OK"), page("", "", "OK"), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			in, findings, _ := look(t, pc{}, config.Probe{Web: []config.Web{
				{URL: serve(t, "127.0.0.1", c.a), Body: "success"}, {URL: serve(t, "127.0.0.2", c.b), Body: "success"}}})
			rows, changed := in.Relay()
			if (len(rows) == 2) != c.rows || changed != c.changed {
				t.Errorf("%d rows, changed %v: %+v", len(rows), changed, in.Web)
			}
			wantStatus(t, findings, map[string]diag.Status{"web": diag.OK})
		})
	}
}

// What a portal may send must end, and never be taken for the known page.
func TestHostileAnswers(t *testing.T) {
	const bomb = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\xec\xc1\x01\x01\x00\x00"
	for name, reply := range map[string]string{
		"packed, though nobody asked":  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\n" + strings.Repeat(bomb, 50),
		"a head without end":           "HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Filler: "+strings.Repeat("x", 1000)+"\r\n", 200),
		"a body without end":           "HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("<p>success</p>", 20000),
		"chunks that lie":              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\nsucc",
		"first words for ever":         strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 3000),
		"a redirect as long as a book": "HTTP/1.1 302 Found\r\nLocation: http://x/" + strings.Repeat("y", 60000) + "\r\n\r\n",
		"a head cut in the middle":     "HTTP/1.1 200 OK\r\nContent-Le",
		"two lengths":                  "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\nsuccess",
	} {
		t.Run(name, func(t *testing.T) {
			in, _, r := look(t, pc{}, config.Probe{Web: []config.Web{{URL: raw(t, reply, false), Body: "success"}}})
			if w := in.Web[0]; w.Match == diag.Yes || len(w.Redirect) > maxRedirect {
				t.Errorf("%+v", w)
			}
			if r.VerdictMS > 2200 {
				t.Errorf("verdict after %.0f ms", r.VerdictMS)
			}
		})
	}
}
