package internet

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/config"
)

func mustURL(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestChoices(t *testing.T) {
	for name, c := range map[string]struct {
		script  string
		proxies []string
		literal bool
		direct  bool
	}{
		"one":            {`return "PROXY p:3128";`, []string{"http://p:3128"}, true, false},
		"with a way out": {`return cond ? 'PROXY p:3128; direct' : "DIRECT"`, []string{"http://p:3128"}, true, true},
		"kinds":          {`"HTTPS a:443;SOCKS5 b:1080; SOCKS4 c; PROXY [2001:db8::1]:80"`, []string{"https://a:443", "socks5://b:1080", "socks4://c", "http://[2001:db8::1]:80"}, true, false},
		"twice":          {`"PROXY a:1" + x + "PROXY a:1;"`, []string{"http://a:1"}, true, false},
		"in pieces":      {`"PROXY " + host + ":3128"`, nil, false, false},
		"other texts":    {`shExpMatch(url, "http://intranet/*") || "it's \"PROXY-free\""`, nil, true, false},
		"comments":       {"// 'PROXY old:1'\n/* \"PROXY older:1\" */ 'DIRECT' // \"PROXY oldest:1\"", nil, true, true},
		"unended":        {`"PROXY p:1`, []string{"http://p:1"}, true, false},
		"nothing":        {"", nil, true, false},
	} {
		got := readChoices(c.script)
		if !slices.Equal(got.proxies, c.proxies) || got.literal != c.literal || got.direct != c.direct {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// FuzzChoices: reading a script ends, and finds no more than is in it.
func FuzzChoices(f *testing.F) {
	f.Add(`function FindProxyForURL(u, h) { /* x */ return "PROXY a:1; SOCKS [::1]:2; DIRECT"; } // '`)
	f.Add("'\\")
	f.Add("/*/ \"PROXY a:99999999\"")
	f.Fuzz(func(t *testing.T, s string) {
		c := readChoices(s)
		if len(c.proxies) > len(s)/len("SOCKS a") {
			t.Errorf("%q: %q", s, c.proxies)
		}
		for _, p := range c.proxies {
			if u, err := url.Parse(p); err != nil || u.Host == "" || u.User != nil {
				t.Errorf("%q: %q", s, p)
			}
		}
	})
}

func TestScriptAddress(t *testing.T) {
	for address, want := range map[string]PAC{
		"":                                {Found: searched},
		" http://me:pw@p/x?y#z ":          {URL: "http://p/x?y"},
		"file:///etc/x.pac":               {URL: "file:///etc/x.pac", OnDisk: true},
		"/etc/x.pac":                      {URL: "file:///etc/x.pac", OnDisk: true},
		"ftp://p/x":                       {Outcome: Broken},
		"http://%":                        {Outcome: Broken},
		"data:application/x-ns,abc":       {Outcome: Broken},
		"https://p.example:8443/wpad.dat": {URL: "https://p.example:8443/wpad.dat"},
	} {
		if got := script(PAC{}, address); got != want {
			t.Errorf("%q: %+v", address, got)
		}
	}
}

// fetched is what becomes of a script that is set by its address on a PC whose
// web works directly.
func fetched(t *testing.T, h pc, address string) (Facts, map[string]diag.Finding, diag.Result) {
	t.Helper()
	rc := "[Proxy Settings]\nProxyType=2\nProxy Config Script=" + address + "\n"
	h.vars = map[string]string{"HOME": "/home/anna"}
	if h.files == nil {
		h.files = map[string]string{}
	}
	h.files["/home/anna/.config/kioslaverc"] = rc
	return look(t, h, config.Probe{Web: []config.Web{{URL: serve(t, "127.0.0.2", success), Body: "success"}}})
}

func TestScripts(t *testing.T) {
	source := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(body)) }
	}
	proxy := forwarding(t, "")
	closed := "PROXY " + refusing(t)
	only := "function FindProxyForURL(u, h) { return 'PROXY " + strings.TrimPrefix(proxy, "http://") + "' }"
	for name, c := range map[string]struct {
		address string
		lost    diag.Tri
		script  diag.Tri
		proxy   diag.Status
	}{
		"works":             {serve(t, "127.0.0.1", source(only)), diag.No, diag.Yes, diag.OK},
		"sends nobody":      {serve(t, "127.0.0.1", source("FindProxyForURL 'DIRECT'")), diag.No, diag.Yes, diag.OK},
		"names a dead one":  {serve(t, "127.0.0.1", source("FindProxyForURL '"+closed+"'")), diag.No, diag.Yes, diag.Fail},
		"dead only perhaps": {serve(t, "127.0.0.1", source("FindProxyForURL '"+closed+"; DIRECT'")), diag.No, diag.Yes, diag.OK},
		"no such page":      {serve(t, "127.0.0.1", http.NotFound), diag.Yes, diag.Maybe, diag.Warn},
		"a page of words":   {serve(t, "127.0.0.1", source("<html>hello")), diag.Yes, diag.No, diag.Warn},
		"refused":           {"http://" + refusing(t) + "/", diag.Yes, diag.Maybe, diag.Warn},
		"broken off":        {raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nfunction", false), diag.Yes, diag.Maybe, diag.Warn},
		"no HTTP":           {raw(t, "\x16\x03\x01", false), diag.Yes, diag.Maybe, diag.Warn},
		"gone from disk":    {"/home/anna/x.pac", diag.Yes, diag.Maybe, diag.Warn},
		"one hop":           {serve(t, "127.0.0.1", moved(only, 1)), diag.No, diag.Yes, diag.OK},
		"a circle":          {serve(t, "127.0.0.1", moved(only, 99)), diag.Yes, diag.Maybe, diag.Warn},
		"to another machine": {serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.3/login", http.StatusFound)
		}), diag.Maybe, diag.Maybe, diag.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			in, findings, r := fetched(t, pc{}, c.address)
			if len(in.Scripts) != 1 {
				t.Fatalf("%+v", in.Scripts)
			}
			if p := in.Scripts[0]; p.Lost() != c.lost || p.Script != c.script {
				t.Errorf("lost %v script %v: %+v", p.Lost(), p.Script, p)
			}
			wantStatus(t, findings, map[string]diag.Status{"proxy": c.proxy, "web": diag.OK})
			for _, row := range r.Contacted {
				if row.Why == "proxy-script" && row.Address != "127.0.0.1" {
					t.Errorf("a redirect led to %+v", row)
				}
			}
		})
	}
}

// moved sends everybody on so many times, to itself, and then answers.
func moved(body string, hops int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) <= hops {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			return
		}
		w.Write([]byte(body))
	}
}

func TestScriptOnDisk(t *testing.T) {
	in, findings, r := fetched(t, pc{files: map[string]string{"/home/anna/x.pac": "FindProxyForURL"}}, "file:///home/anna/x.pac")
	if p := in.Scripts[0]; !p.OnDisk || p.Script != diag.Yes || p.Kind() != "works" {
		t.Errorf("%+v", p)
	}
	wantStatus(t, findings, map[string]diag.Status{"proxy": diag.OK})
	for _, row := range r.Contacted {
		if row.Why == "proxy-script" {
			t.Errorf("a file was asked for at %+v", row)
		}
	}
}

// A script of an endless body is read as far as browsers would, no farther.
func TestEndlessScript(t *testing.T) {
	endless := serve(t, "127.0.0.1", func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("function FindProxyForURL"))
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 1<<16)); err != nil {
				return
			}
		}
	})
	env := diag.NewEnv(pc{}, config.Config{})
	p := PAC{URL: endless}
	if got := p.fetch(context.Background(), env); len(got) != maxScript || p.Outcome != Connected {
		t.Errorf("%d bytes, %+v", len(got), p)
	}
}
