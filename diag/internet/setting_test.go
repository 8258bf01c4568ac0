package internet

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// office is a PC that somebody called anna sits at, with these files.
func office(t *testing.T, files map[string]string) *diag.Env {
	t.Helper()
	h := &fake.Host{Files: fstest.MapFS{}, Env: map[string]string{"HOME": "/root"}}
	add := func(name, content string) {
		h.Files[strings.TrimPrefix(name, "/")] = &fstest.MapFile{Data: []byte(content)}
	}
	add("/etc/passwd", "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000::/home/anna:/bin/sh\nbert:x:1001:1001::/home/bert:/bin/sh\nno sense\n")
	h.Files["run/user/1000"] = &fstest.MapFile{Mode: fs.ModeDir | 0o700}
	for name, content := range files {
		add(name, content)
	}
	return diag.NewEnv(h, config.Config{Probe: config.Probe{HTTPS: []string{"https://www.example.com/"}}})
}

func database(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile("dconf/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSettings(t *testing.T) {
	const kde = "/home/anna/.config/kioslaverc"
	gnome := "/home/anna/.config/dconf/user"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"nothing set": {nil, ""},
		"GNOME, by hand": {map[string]string{gnome: database(t, "manual")},
			"gnome org.gnome.system.proxy http anna http://192.168.1.9:3128|gnome org.gnome.system.proxy https anna http://192.168.1.9:3128"},
		"GNOME, by script": {map[string]string{gnome: database(t, "auto")}, "gnome org.gnome.system.proxy autoconfig-url anna script  http://wpad.lan/wpad.dat"},
		"GNOME, for all people": {map[string]string{"/etc/dconf/db/local": database(t, "auto")},
			"gnome org.gnome.system.proxy autoconfig-url anna script  http://wpad.lan/wpad.dat|gnome org.gnome.system.proxy autoconfig-url root script  http://wpad.lan/wpad.dat"},
		"GNOME, damaged":         {map[string]string{gnome: "GVariant"}, ""},
		"somebody who is away":   {map[string]string{"/home/bert/.config/kioslaverc": "[Proxy Settings]\nProxyType=3\n"}, ""},
		"KDE, switched off":      {map[string]string{kde: "[Proxy Settings]\nProxyType=0\nhttpProxy=http://p 80\n"}, ""},
		"KDE, by hand":           {map[string]string{kde: "[Proxy Settings][$i]\n[Proxy Settings]\nProxyType=1\nhttpProxy[$e]=http://me:pw@p 8080\nsocksProxy=socks://s 1080\nhttpsProxy=\n"}, "kde httpProxy anna http://p:8080|kde socksProxy anna socks5://s:1080"},
		"KDE, only for some":     {map[string]string{kde: "[Proxy Settings]\nProxyType=1\nhttpProxy=http://p 8080\nReversedException=true\nNoProxyFor=intra\n"}, "kde httpProxy anna http://p:8080 bypassed"},
		"KDE, searched":          {map[string]string{kde: "[Proxy Settings]\nProxyType=3\n"}, "kde ProxyType anna script auto "},
		"KDE, script on disk":    {map[string]string{kde: "[Proxy Settings]\nProxyType=2\nProxy Config Script=/home/anna/p.pac\n"}, "kde Proxy Config Script anna script  file:///home/anna/p.pac"},
		"KDE, no address at all": {map[string]string{kde: "[Proxy Settings]\nProxyType=2\nProxy Config Script=gopher://x\n"}, "kde Proxy Config Script anna script   broken"},
		"shells":                 {map[string]string{"/etc/profile.d/p.sh": "export http_proxy=http://p:1 no_proxy=.example.com\n", "/home/anna/.bashrc": "if false; then\n export https_proxy=x\nfi\n"}, "profile http_proxy  http://p:1 bypassed"},
		"services of a session":  {map[string]string{"/home/anna/.config/environment.d/p.conf": "ALL_PROXY=socks5h://p:1\n"}, "profile ALL_PROXY anna socks5h://p:1"},
		"the same in two files":  {map[string]string{environmentFile: "http_proxy=http://p:1\n", "/etc/profile.d/p.sh": "export HTTP_PROXY=http://p:1\n"}, "/etc/environment http_proxy  http://p:1"},
		"apt": {map[string]string{"/etc/apt/apt.conf.d/01p": "Acquire::HTTP::Proxy \"http://old:1\";\n", "/etc/apt/apt.conf.d/02p.dpkg-old": "Acquire::http::Proxy \"http://away:1\";",
			"/etc/apt/apt.conf": "// main\nAcquire { http { Proxy \"http://p:1/\"; Proxy::local \"DIRECT\" ; }; https::Proxy \"DIRECT\"; };"}, "apt Acquire::http::Proxy  http://p:1"},
		"NetworkManager": {map[string]string{"/etc/NetworkManager/system-connections/a": "[connection]\nuuid=1\n[proxy]\nmethod=1\npac-url=http://p/a\n",
			"/etc/NetworkManager/system-connections/b": "[connection]\nuuid=2\n[proxy]\nmethod=1\npac-url=http://p/b\n", "/run/NetworkManager/devices/2": "[device]\nconnection-uuid=1\n"}, "networkmanager proxy.pac-url  script  http://p/a"},
	} {
		t.Run(name, func(t *testing.T) {
			env := office(t, c.files)
			set := settings(env)
			set.scripts = append(set.scripts, nmScripts(env.Host)...)
			var got []string
			for _, s := range set.proxies {
				line := fmt.Sprintf("%s %s %s %s", s.Source, s.Variable, s.User, s.URL)
				if s.Bypassed {
					line += " bypassed"
				}
				got = append(got, line)
			}
			for _, s := range set.scripts {
				got = append(got, strings.TrimSuffix(fmt.Sprintf("%s %s %s script %s %s %s", s.Source, s.Variable, s.User, s.Found, s.URL, s.Outcome), " "))
			}
			if s := strings.Join(got, "|"); s != c.want {
				t.Errorf("got  %q\nwant %q", s, c.want)
			}
		})
	}
}

// A setting counts in target mode for the pages that it is meant for.
func TestProxyForDesktop(t *testing.T) {
	env := office(t, map[string]string{"/home/anna/.config/dconf/user": database(t, "manual"), "/etc/apt/apt.conf": `Acquire::ftp::Proxy "http://p:1";`})
	for page, want := range map[string]string{
		"https://shop.example/": "http://192.168.1.9:3128", "http://shop.example/": "http://192.168.1.9:3128",
		"https://wiki.corp.example/": "", "http://127.0.0.1:8080/": "",
	} {
		s, ok := proxyFor(env, mustURL(t, page))
		if ok != (want != "") || s.URL != want {
			t.Errorf("%s: %v %q, want %q", page, ok, s.URL, want)
		}
	}
	// Settings of GNOME and apt live apart.
	if _, ok := proxyFor(office(t, map[string]string{"/etc/apt/apt.conf": `Acquire::http::Proxy "http://p:1";`}), mustURL(t, "http://shop.example/")); ok {
		t.Error("a page would go through apt's proxy")
	}
	if got := Section.Of(diag.Facts{}).Scripts; got != nil {
		t.Error(got)
	}
}
