package fixes

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"deskside/diag"
	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/fixes/step"
)

// ownResolvConf reads resolv.conf afresh and returns its content and state,
// or refuses: where another program keeps the file, a change in it would not
// last, and the setting belongs there. byHand gives the commands that make the
// same change through an owner.
func ownResolvConf(h host.Host, c Case, byHand func(owner string) []string) ([]byte, step.FileState, error) {
	conf := dns.Section.Of(c.Facts).Conf
	path := c.path(resolvConf)
	before, err := step.ObserveFile(path)
	if err != nil {
		return nil, before, err
	}
	if locked := step.Locked(path); locked != "" {
		return nil, before, refuse("locked", "Path", locked).by("chattr -i -a " + locked)
	}
	switch before.Type {
	case step.Absent:
		return nil, before, nil
	case step.Symlink:
		if !keeperGone(h, c, conf) {
			return nil, before, keptBy(conf.Owner).by(byHand(conf.Owner)...)
		}
		return leftBehind(h, path), before, nil
	}
	if conf.Owner != dns.OwnerPlain && conf.Owner != dns.OwnerContainer {
		return nil, before, keptBy(conf.Owner).by(byHand(conf.Owner)...)
	}
	return before.Bytes, before, nil
}

// keeperGone reports that nobody looks after the file behind the link: the
// program is not installed or does not run, so a plain file in the link's
// place stays as it is. Undo gives the link back.
func keeperGone(h host.Host, c Case, conf dns.Conf) bool {
	if conf.Owner == dns.OwnerResolved {
		running := diag.Maybe
		if stub := dns.Section.Of(c.Facts).Stub; stub != nil {
			running = stub.Running
		}
		if running != diag.Maybe {
			return running == diag.No
		}
		// The cause is that its port refused us.
		if c.Cause.ID == "dns.stub_down" {
			return true
		}
	}
	target, err := h.Readlink(c.path(resolvConf))
	if err != nil {
		return false
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join("/etc", target)
	}
	if !strings.HasPrefix(target, "/run/") && !strings.HasPrefix(target, "/var/run/") {
		return false
	}
	_, err = h.Stat(c.path(filepath.Dir(target))) // made by the program when it starts
	return errors.Is(err, fs.ErrNotExist)
}

// leftBehind is what the file behind the link still says, without comments:
// they name a program that is not there.
func leftBehind(h host.Host, path string) []byte {
	b, err := h.ReadFile(path)
	if err != nil {
		return nil
	}
	var out strings.Builder
	for line := range strings.Lines(string(b)) {
		if !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, ";") && strings.TrimSpace(line) != "" {
			out.WriteString(line)
		}
	}
	return []byte(out.String())
}

// keepers are the owners of resolv.conf by the names people know them by.
var keepers = map[string]string{
	dns.OwnerResolved: "systemd-resolved", dns.OwnerNM: "NetworkManager", dns.OwnerResolvconf: "resolvconf", dns.OwnerDHCPCD: "dhcpcd",
	dns.OwnerDHClient: "dhclient", dns.OwnerTailscale: "Tailscale", dns.OwnerConnman: "ConnMan",
}

// keptBy refuses, and says who keeps the file.
func keptBy(owner string) *Refusal {
	if name, known := keepers[owner]; known {
		return refuse("dns_owner", "Owner", name)
	}
	return refuse("dns_owner_unknown").by("ls -l " + resolvConf)
}

// settingServers are the commands that set name servers through an owner.
func settingServers(c Case, servers []string) func(owner string) []string {
	dev, list := outwardLink(c.Facts), strings.Join(servers, " ")
	return func(owner string) []string {
		switch owner {
		case dns.OwnerResolved:
			return []string{fmt.Sprintf("resolvectl dns %s %s", dev, list), "resolvectl query example.com"}
		case dns.OwnerNM:
			return []string{fmt.Sprintf(`nmcli device modify %s ipv4.ignore-auto-dns yes ipv4.dns "%s"`, dev, list)}
		case dns.OwnerResolvconf:
			return []string{fmt.Sprintf("printf 'nameserver %%s\\n' %s | resolvconf -a %s.deskside", list, dev)}
		case dns.OwnerDHCPCD:
			return []string{fmt.Sprintf("echo 'static domain_name_servers=%s' >> /etc/dhcpcd.conf", list), "dhcpcd -n " + dev}
		case dns.OwnerDHClient:
			return []string{fmt.Sprintf("echo 'supersede domain-name-servers %s;' >> /etc/dhcp/dhclient.conf", strings.Join(servers, ", ")), "dhclient " + dev}
		case dns.OwnerTailscale:
			return []string{"tailscale set --accept-dns=false"}
		case dns.OwnerConnman:
			return []string{"connmanctl services", fmt.Sprintf("connmanctl config SERVICE --nameservers %s", list)}
		}
		return nil
	}
}

// outwardLink names the link that leads outside, for commands.
func outwardLink(f diag.Facts) string {
	l := link.Section.Of(f)
	for _, r := range append(l.Defaults(4), l.Defaults(6)...) {
		if dev, ok := l.Link(r.Index); ok {
			return dev.Name
		}
	}
	for _, dev := range l.Links {
		if dev.Plain && dev.Up {
			return dev.Name
		}
	}
	return "LINK"
}
