package internet

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"
)

func TestParseProfile(t *testing.T) {
	for script, want := range map[string]string{
		"export http_proxy=http://p:1\n":                          "http_proxy=http://p:1@1",
		"# x\nhttp_proxy='http://p:1'; export http_proxy\n":       "http_proxy=http://p:1@2",
		"export HTTP_PROXY=\"p\" https_proxy=q # no\n":            "HTTP_PROXY=p@1 https_proxy=q@1",
		"if x; then\nexport http_proxy=p\nfi\nall_proxy=s\n":      "all_proxy=s@4",
		"f() {\nhttp_proxy=p\n}\n":                                "",
		"case $x in\na) http_proxy=p;;\nesac\nhttp_proxy=q\n":     "http_proxy=q@4",
		"http_proxy=http://$HOST:1\n":                             "",
		"http_proxy=p\nunset http_proxy\n":                        "",
		"http_proxy=p\nhttp_proxy=$(cat /x)\n":                    "",
		"PATH=/bin\nmy_http_proxy=p\nhttp_proxy\n":                "",
		"alias proxy='http_proxy=http://p:1 curl'\nno_proxy=.lan": "no_proxy=.lan@2",
	} {
		if got := shown(ParseProfile([]byte(script))); got != want {
			t.Errorf("%q: %q, want %q", script, got, want)
		}
	}
}

func shown(m map[string]assignment) string {
	out := ""
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if out != "" {
			out += " "
		}
		out += fmt.Sprintf("%s=%s@%d", name, m[name].value, m[name].line)
	}
	return out
}

func TestParseAptConf(t *testing.T) {
	for conf, want := range map[string]string{
		`Acquire::http::Proxy "http://p:1";`:                              "acquire::http::proxy=http://p:1@1",
		"Acquire {\n http {\n  Proxy \"http://p\";\n };\n Retries 3;\n};": "acquire::http::proxy=http://p@3 acquire::retries=3@5",
		"# c\n// \"x\"\n/* a\nb */ APT::X \"1\";":                         "apt::x=1@4",
		`DPkg::Pre-Invoke {"a;b"; "c";};`:                                 "",
		"}}}; x":                                                          "",
	} {
		if got := shown(ParseAptConf([]byte(conf))); got != want {
			t.Errorf("%q: %q, want %q", conf, got, want)
		}
	}
}

func TestParseLease(t *testing.T) {
	for lease, want := range map[string]string{
		"lease {\n option unknown-252 \"http://p/x\\012\";\n}\n":                                     "http://p/x",
		"lease {\n option unknown-252 68:74:74:70:3a:2f:2f:70:0a;\n}\n":                              "http://p",
		"lease {\n option unknown-252 \"http://old/\";\n}\nlease {\n  fixed-address 192.0.2.1;\n}\n": "",
		"OPTION_252=687474703a2f2f7000\n":                                                            "http://p",
		"wpad=http://p/x\n":                                                                          "http://p/x",
		"option routers 192.0.2.1;\n":                                                                "",
		"":                                                                                           "",
	} {
		if got := ParseLease([]byte(lease), optWPAD); got != want {
			t.Errorf("%q: %q, want %q", lease, got, want)
		}
	}
	if got := ParseLease([]byte("CAPTIVE_PORTAL=https://p/api\n"), optCaptive); got != "https://p/api" {
		t.Error(got)
	}
}

// FuzzSettingFiles: no parser of settings fails, whatever people wrote, and
// line numbers stay inside the file.
func FuzzSettingFiles(f *testing.F) {
	for _, s := range []string{
		"[Proxy Settings]\nProxyType=1\nhttpProxy[$e]=http://p 80\n", "Acquire{http{Proxy \"x\";};};", "if x\n} }; export http_proxy=p;unset a",
		"lease {\n option unknown-252 68:74;\n}", "[\n=\n[]\n/*", "\"", "OPTION_252=6", "\xef\xbb\xbf[a]\r\nb=c\r\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		lines := bytes.Count(b, []byte("\n")) + 1
		for _, parsed := range []map[string]assignment{ParseProfile(b), ParseAptConf(b), ParseEnvironmentFile(b)} {
			for name, a := range parsed {
				if a.line < 1 || a.line > lines || name == "" || len(a.value) > len(b) {
					t.Errorf("%q: %q %+v", b, name, a)
				}
			}
		}
		for section, values := range ParseKeyFile(b) {
			for key, v := range values {
				if len(section)+len(key)+len(v) > len(b) {
					t.Errorf("%q: [%s] %s=%s", b, section, key, v)
				}
				kdeAddress(v, true)
				script(PAC{}, v)
			}
		}
		if v := ParseLease(b, optWPAD); len(v) > len(b) {
			t.Errorf("%q: %q", b, v)
		}
	})
}
