package lab

import (
	"embed"
	"io"
	"net/http"
	"strings"
)

// databases are GNOME's settings as dconf(1) 0.40 compiled them: a proxy that
// nobody runs (Nobody), one on the LAN (LANProxy), the script at wpadURL, and
// a search for one.
//
//go:embed desktop
var databases embed.FS

const (
	wpadURL = "http://wpad.lan/wpad.dat"
	home    = "/run/home/anna"
	// simpleScript names all it may answer word for word.
	simpleScript = `// the company's
function FindProxyForURL(url, host) {
	if (isPlainHostName(host)) return "DIRECT";
	return "PROXY ` + LANProxy + `:3128";
}
`
)

// proxyFaults are programs that are sent to somebody who is not there.
func proxyFaults() []World {
	dead := []string{"proxy.dead"}
	lost := []string{"proxy.pac_unreachable"}
	stale := []string{"proxy.wpad_stale"}
	nobody := "http://" + Nobody + ":3128"
	return []World{
		{Name: "proxy-gnome", Story: "The desktop's settings name a proxy that no one runs.", Expect: dead, Build: func(n *Net) { n.gnome("gnome-nobody") }},
		{Name: "proxy-gnome-no-root", Story: "The same, and the program has no rights.", Expect: dead, User: "nobody", Build: func(n *Net) { n.gnome("gnome-nobody") }},
		{Name: "proxy-kde", Story: "The same on another desktop.", Expect: dead, Build: func(n *Net) {
			n.kde("ProxyType=1\nhttpProxy=" + nobody[:len(nobody)-5] + " 3128\nNoProxyFor=localhost\n")
		}},
		{Name: "proxy-profile", Story: "A script that every shell reads sets a proxy that refuses.", Expect: dead, Build: func(n *Net) {
			n.PC.File("/etc/profile.d/proxy.sh", "# set up by the office\nexport http_proxy=\"http://"+Router+":3128\" https_proxy=http://"+Router+":3128\n")
		}},
		{Name: "proxy-apt", Story: "Updates are fetched through a proxy that is gone; pages open.", Expect: dead, Build: func(n *Net) {
			n.PC.File("/etc/apt/apt.conf.d/30proxy", "Acquire { http { Proxy \""+nobody+"\"; } }\n")
		}},
		{Name: "proxy-502", Story: "A proxy takes connections and reaches nothing.", Expect: dead, Build: func(n *Net) {
			n.lanPage(":3128", http.StatusBadGateway, "")
			n.Env = proxies("http://" + LANProxy + ":3128")
		}},
		{Name: "proxy-only-dead", Story: "A company network where only the proxy leads out, and it is off.", Expect: dead, Build: func(n *Net) {
			n.companyProxy()
			n.Env = proxies(nobody)
			n.ISP.Drop(Forward, TCP(443))
			n.ISP.Drop(Forward, TCP(80))
		}},
		{Name: "pac-404", Story: "The address of a proxy script is set, and there is no such page.", Expect: lost, Build: func(n *Net) {
			n.lanPage(":80", http.StatusNotFound, "no such page\n")
			n.office()
			n.gnome("gnome-script")
		}},
		{Name: "pac-html", Story: "The same, and a page of words comes.", Expect: lost, Build: func(n *Net) {
			n.lanPage(":80", http.StatusOK, "<html><body>Welcome to the office.</body></html>\n")
			n.office()
			n.gnome("gnome-script")
		}},
		{Name: "pac-silent", Story: "The same, and the machine is off.", Expect: lost, User: "nobody", Build: func(n *Net) {
			n.nameservers(Router)
			n.Resolver(Router).Answers(Giving(Nobody, n.zone(), "wpad.lan."))
			n.gnome("gnome-script")
		}},
		{Name: "pac-name-unknown", Story: "A company computer at home: nobody here knows where the script is.", Expect: lost, Build: func(n *Net) { n.gnome("gnome-script") }},
		{Name: "pac-file-gone", Story: "A proxy script on the PC's own disk was removed.", Expect: lost, Build: func(n *Net) {
			n.kde("ProxyType=2\nProxy Config Script=" + home + "/proxy.pac\n")
		}},
		{Name: "pac-only-way", Story: "Only the proxy leads out, and the script that names it is gone.", Expect: lost, Build: func(n *Net) {
			n.lanPage(":80", http.StatusNotFound, "")
			n.office()
			n.gnome("gnome-script")
			n.ISP.Drop(Forward, TCP(443))
			n.ISP.Drop(Forward, TCP(80))
		}},
		{Name: "pac-proxy-dead", Story: "A proxy script that knows one answer only names a proxy that is off.", Expect: dead, Build: func(n *Net) {
			n.lanPage(":80", http.StatusOK, "function FindProxyForURL(u, h) { return 'PROXY "+Nobody+":3128'; }\n")
			n.office()
			n.gnome("gnome-script")
		}},
		{Name: "wpad-dhcp", Story: "Programs look for a proxy script; the lease names a machine that is gone.", Expect: stale, Build: func(n *Net) {
			n.lease(`option unknown-252 "http://` + Nobody + `/wpad.dat"`)
			n.gnome("gnome-auto")
		}},
		{Name: "wpad-dns", Story: "Programs look for a proxy script; the name that leads to it is left over.", Expect: stale, User: "nobody", Build: func(n *Net) {
			n.Resolver(Router).Answers(Giving(Nobody, n.zone(), "wpad.lan."))
			n.PC.File("/etc/resolv.conf", "search lan\nnameserver "+Router+"\n")
			n.kde("ProxyType=3\n")
		}},
		{Name: "double-pac-dns", Story: "The proxy script is gone, and the first name server is dead.", Expect: []string{"dns.first_server_dead", "proxy.pac_unreachable"}, Build: func(n *Net) {
			n.nameservers(OneOne, Quad9)
			n.ISP.Drop(Forward, To(OneOne))
			n.kde("ProxyType=2\nProxy Config Script=" + home + "/proxy.pac\n")
		}},
	}
}

// unusualProxies are healthy PCs with proxies, or with what is left of one.
func unusualProxies() []World {
	served := func(source string) func(*Net) {
		return func(n *Net) {
			n.lanPage(":80", http.StatusOK, source)
			n.Proxy(n.LAN, LANProxy+":3128")
			n.office()
			n.gnome("gnome-script")
		}
	}
	return []World{
		{Name: "healthy-gnome-proxy", Story: "The desktop's settings name a proxy, and it works.", Build: func(n *Net) {
			n.lanAddress()
			n.Proxy(n.LAN, LANProxy+":3128")
			n.gnome("gnome-proxy")
		}},
		{Name: "healthy-gnome-proxy-only", Story: "The same where nothing else leads out.", Build: func(n *Net) {
			n.lanAddress()
			n.Proxy(n.LAN, LANProxy+":3128")
			n.gnome("gnome-proxy")
			n.nameservers(Router)
			n.GW.Drop(Forward)
		}},
		{Name: "healthy-kde-leftover", Story: "A proxy is written down, and switched off.", Build: func(n *Net) {
			n.kde("ProxyType=0\nhttpProxy=http://" + Nobody + " 3128\nProxy Config Script=" + wpadURL + "\n")
		}},
		{Name: "healthy-apt-proxy", Story: "Updates come through a cache on the LAN, which has nothing else.", Build: func(n *Net) {
			n.lanPage(":3142", http.StatusForbidden, "not a package\n")
			n.PC.File("/etc/apt/apt.conf.d/30proxy", "Acquire::http::Proxy \"http://"+LANProxy+":3142\";\nAcquire::https::Proxy \"DIRECT\";\n")
		}},
		{Name: "healthy-pac", Story: "A proxy script that comes and names a proxy that works.", Build: served(simpleScript)},
		{Name: "healthy-pac-only", Story: "The same where nothing but the proxy leads out.", Build: func(n *Net) {
			served(simpleScript)(n)
			n.GW.Drop(Forward)
		}},
		{Name: "healthy-pac-spare", Story: "A proxy script names a second proxy for bad days, which is off today.",
			Build: served(strings.Replace(simpleScript, `:3128"`, `:3128; PROXY `+Nobody+`:3128; DIRECT"`, 1))},
		{Name: "healthy-pac-disk", Story: "A proxy script on the PC's own disk that sends nobody anywhere.", Build: func(n *Net) {
			n.kde("ProxyType=2\nProxy Config Script=file://" + home + "/proxy.pac\n")
			n.PC.File(home+"/proxy.pac", "function FindProxyForURL() { return 'DIRECT' }\n")
		}},
		{Name: "healthy-wpad-none", Story: "Programs look for a proxy script, as is usual, and there is none.", Build: func(n *Net) {
			n.PC.File("/etc/resolv.conf", "search lan\nnameserver "+Router+"\n")
			n.gnome("gnome-auto")
		}},
		{Name: "healthy-wpad-404", Story: "The same, and every name of the domain leads to one machine with pages of its own.", Build: func(n *Net) {
			n.lanPage(":80", http.StatusNotFound, "")
			n.office()
			n.PC.File("/etc/resolv.conf", "search lan\nnameserver "+Router+"\n")
			n.gnome("gnome-auto")
		}},
		{Name: "healthy-wpad", Story: "The lease names a proxy script, which comes.", Build: func(n *Net) {
			n.lanPage(":80", http.StatusOK, simpleScript)
			n.Proxy(n.LAN, LANProxy+":3128")
			n.lease(`option unknown-252 "http://` + LANProxy + `/wpad.dat"`)
			n.gnome("gnome-auto")
		}},
	}
}

// seat gives the PC a person who has a session.
func (n *Net) seat() {
	n.PC.File("/etc/passwd", "root:x:0:0::/root:/bin/sh\nanna:x:1000:1000:Anna:"+home+":/bin/sh\nnobody:x:65534:65534::/nonexistent:/bin/false\n")
	n.PC.File("/run/user/1000/bus", "")
}

// gnome sets the person's desktop up with one of the databases.
func (n *Net) gnome(database string) {
	b, err := databases.ReadFile("desktop/" + database)
	must(err, "database %s", database)
	n.seat()
	n.PC.File(home+"/.config/dconf/user", string(b))
}

// kde does the same for the other desktop.
func (n *Net) kde(settings string) {
	n.seat()
	n.PC.File(home+"/.config/kioslaverc", "[Proxy Settings]\n"+settings)
}

func (n *Net) lanAddress() { n.LAN.Address("br0", LANProxy+"/24") }

// lanPage gives the machine on the LAN its address and one answer for all.
func (n *Net) lanPage(port string, status int, body string) {
	n.lanAddress()
	n.ServeHTTP(n.LAN, LANProxy+port, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
}

// office makes the router's name service know where the office keeps its
// proxy script.
func (n *Net) office() {
	n.nameservers(Router)
	n.Resolver(Router).Answers(Giving(LANProxy, n.zone(), "wpad.lan."))
}

// lease is what dhclient wrote down, with one more option.
func (n *Net) lease(option string) {
	n.PC.File("/var/lib/dhcp/dhclient.eth0.leases", "lease {\n  interface \"eth0\";\n  fixed-address "+PCAddress+";\n  option routers "+Router+";\n  "+option+";\n}\n")
}
