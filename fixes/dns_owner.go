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
// last, and the setting belongs there.
func ownResolvConf(h host.Host, c Case, servers []string) ([]byte, step.FileState, error) {
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
			return nil, before, guide(c, conf.Owner, servers)
		}
		return leftBehind(h, path), before, nil
	}
	if conf.Owner != dns.OwnerPlain && conf.Owner != dns.OwnerContainer {
		return nil, before, guide(c, conf.Owner, servers)
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

// guide says who keeps the name servers and the commands that set them there.
func guide(c Case, owner string, servers []string) *Refusal {
	dev, list := outwardLink(c.Facts), strings.Join(servers, " ")
	switch owner {
	case dns.OwnerResolved:
		return refuse("dns_owner", "Owner", "systemd-resolved").by(
			fmt.Sprintf("resolvectl dns %s %s", dev, list), "resolvectl query example.com")
	case dns.OwnerNM:
		return refuse("dns_owner", "Owner", "NetworkManager").by(
			fmt.Sprintf(`nmcli device modify %s ipv4.ignore-auto-dns yes ipv4.dns "%s"`, dev, list))
	case dns.OwnerResolvconf:
		return refuse("dns_owner", "Owner", "resolvconf").by(
			fmt.Sprintf("printf 'nameserver %%s\\n' %s | resolvconf -a %s.deskside", list, dev))
	case dns.OwnerDHCPCD:
		return refuse("dns_owner", "Owner", "dhcpcd").by(
			fmt.Sprintf("echo 'static domain_name_servers=%s' >> /etc/dhcpcd.conf", list), "dhcpcd -n "+dev)
	case dns.OwnerDHClient:
		return refuse("dns_owner", "Owner", "dhclient").by(
			fmt.Sprintf("echo 'supersede domain-name-servers %s;' >> /etc/dhcp/dhclient.conf", strings.Join(servers, ", ")),
			"dhclient "+dev)
	case dns.OwnerTailscale:
		return refuse("dns_owner", "Owner", "Tailscale").by("tailscale set --accept-dns=false")
	case dns.OwnerConnman:
		return refuse("dns_owner", "Owner", "ConnMan").by("connmanctl services",
			fmt.Sprintf("connmanctl config SERVICE --nameservers %s", list))
	}
	return refuse("dns_owner_unknown").by("ls -l " + resolvConf)
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
