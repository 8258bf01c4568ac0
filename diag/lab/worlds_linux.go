package lab

import (
	"fmt"
	"slices"
	"strings"
)

// World is one small internet, broken in one known way, or healthy in an
// unusual one.
type World struct {
	Name   string
	Story  string // what a person would tell, in one sentence
	Site   Site
	Build  func(*Net)        // breaks the healthy world; nil leaves it as it is
	Fix    string            // the fix that treats it; "" where nothing on the PC can
	Deep   bool              // seen only by a longer look (--deep)
	Alone  bool              // measures queues and rates: nothing else should run beside it
	User   string            // who runs the program; "" is root
	Config func(*Net) string // TOML; nil is DefaultConfig
	Target string            // what a person says does not work; "" for nothing

	// Expect is the whole diagnosis, rank order: anything beside it is a
	// symptom named as a cause. Empty means healthy.
	Expect []string
	// Plain is the whole diagnosis that is honest without root, where that is
	// less than Expect: the same fault by a wider name. Empty and not nil is no
	// name at all, together with what would show more.
	Plain []string
	Notes []string // harmless remarks that must be there
	// Status is the report's; "" is ok where nothing has a name, and otherwise
	// as bad as the causes.
	Status string

	// Heal takes the first of two faults away while the world is up; Then is
	// what is named afterwards.
	Heal func(*Net)
	Then []string
}

// Worlds is the one ordered list: healthy ones, then from the cable outwards.
func Worlds() []World {
	return slices.Concat(healthy(), unusual(), unusualWays(), unusualFamilies(), linkFaults(), cableFaults(), addressFaults(), foreignFaults(), portFaults(), announcedFaults(), looseFaults(), unusualLANs(), wayFaults(), resourceFaults(), wanFaults(), webFaults(), proxyFaults(), unusualProxies(), middleboxFaults(), unusualBoxes(), lonelySites(), dohFaults(), unusualDoH(), dnsFaults(), targetFaults(), pathFaults(), diskFaults(), doubles())
}

// Find returns the world with a name.
func Find(name string) (World, bool) {
	for _, w := range Worlds() {
		if w.Name == name {
			return w, true
		}
	}
	return World{}, false
}

// DefaultConfig names what exists in every world.
func DefaultConfig(n *Net) string {
	anchors := []string{Quad9 + ":443", OneOne + ":443"}
	if n.Site.IPv6 {
		anchors = append(anchors, "["+Quad9v6+"]:443", "["+OneOnev6+"]:443")
	}
	return fmt.Sprintf(`[probe]
anchors     = [%s]
dns_control = ["%s", "%s"]
names       = ["www.example.com", "example.org"]
web         = [{url = "http://probe.example.net/success.txt", status = 200, body = "success"},
               {url = "http://check.example.org/check_network_status.txt", status = 200, body = "NetworkManager is online"}]
https       = ["https://www.example.com/"]
`, quoted(anchors), Quad9, OneOne)
}

func quoted(all []string) string { return `"` + strings.Join(all, `", "`) + `"` }

// nameservers writes a plain resolv.conf.
func (n *Net) nameservers(ips ...string) {
	content := ""
	for _, ip := range ips {
		content += "nameserver " + ip + "\n"
	}
	n.PC.File("/etc/resolv.conf", content)
}
