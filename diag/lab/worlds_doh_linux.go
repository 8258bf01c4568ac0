package lab

import (
	"io"
	"net/http"

	"github.com/miekg/dns"
)

// Name service over HTTPS in these worlds.
const (
	dohName = "doh.example"
	doh4    = "203.0.113.91"
	dohURL  = "https://" + dohName + "/dns-query"

	firefoxPolicy = "/etc/firefox/policies/policies.json"
)

// strictPolicy is an administrator's word to Firefox: this server, no other way.
const strictPolicy = `{"policies": {"DNSOverHTTPS": {"Enabled": true, "ProviderURL": "` + dohURL + `", "Fallback": false, "Locked": true}}}`

// dohFaults: names are looked up over HTTPS only, and that is stopped.
func dohFaults() []World {
	blocked := []string{"dns.doh_blocked"}
	return []World{
		{Name: "doh-firefox", Story: "The browser may look names up at one server only, which someone on the way blocks.", Expect: blocked, Build: func(n *Net) {
			n.overHTTPS()
			n.PC.File(firefoxPolicy, strictPolicy)
			n.ISP.Drop(Forward, To(doh4))
		}},
		{Name: "doh-firefox-by-hand", Story: "The same, set by a person, and the network hides the server's name.", Expect: blocked, User: "nobody", Build: func(n *Net) {
			n.seat()
			n.PC.File(home+"/.mozilla/firefox/a.default/prefs.js", "user_pref(\"network.trr.mode\", 3);\nuser_pref(\"network.trr.uri\", \""+dohURL+"\");\n")
		}},
		{Name: "doh-cloudflared", Story: "A small name server on the PC asks over HTTPS, which someone on the way blocks.", Expect: blocked, Build: func(n *Net) {
			n.overHTTPS()
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", Refusing(dns.RcodeServerFailure))
			n.PC.File("/etc/cloudflared/config.yml", "proxy-dns: true\nproxy-dns-upstream:\n  - https://"+doh4+"/dns-query\n")
			n.ISP.Drop(Forward, To(doh4), TCP(443))
		}},
		{Name: "doh-cloudflared-silent", Story: "The same, and the small name server is too patient to say so.", Expect: blocked, Build: func(n *Net) {
			n.overHTTPS()
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", Mute)
			n.PC.File("/etc/cloudflared/config.yml", "proxy-dns: true\nproxy-dns-upstream:\n  - https://"+doh4+"/dns-query\n")
			n.ISP.Drop(Forward, To(doh4), TCP(443))
		}},
	}
}

// unusualDoH are healthy.
func unusualDoH() []World {
	return []World{
		{Name: "healthy-doh", Story: "The browser may look names up at one server only, and that works.", Build: func(n *Net) {
			n.overHTTPS()
			n.PC.File(firefoxPolicy, strictPolicy)
		}},
		{Name: "healthy-doh-preferred", Story: "The browser would rather look names up over HTTPS, and copes where it cannot.", Build: func(n *Net) {
			n.PC.File(firefoxPolicy, `{"policies": {"DNSOverHTTPS": {"Enabled": true, "ProviderURL": "https://`+Nobody+`/dns-query"}}}`)
		}},
		{Name: "healthy-doh-forwarder", Story: "A small name server on the PC asks over HTTPS; one of the two servers it knows is blocked.", Build: func(n *Net) {
			n.overHTTPS()
			n.nameservers("127.0.0.1")
			n.resolver(n.PC, "127.0.0.1", n.zone())
			n.PC.File("/etc/cloudflared/config.yml", "proxy-dns: true\nproxy-dns-upstream: [https://"+doh4+"/dns-query, https://203.0.113.99/dns-query]\n")
		}},
	}
}

// overHTTPS is a public name server that is asked over HTTPS (RFC 8484).
func (n *Net) overHTTPS() {
	n.publish(dohName, doh4, "")
	n.Far.Address("lo", doh4+"/32")
	truth := n.zone()
	n.ServeTLS(n.Far, doh4+":443", trusted(), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := new(dns.Msg)
		body, err := io.ReadAll(io.LimitReader(r.Body, dns.MaxMsgSize))
		if err != nil || q.Unpack(body) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		wire, err := truth(q).Pack()
		must(err, "answer")
		w.Header().Set("Content-Type", "application/dns-message")
		_, _ = w.Write(wire)
	}))
}
