package lab

import (
	"fmt"
	"net"
	"os"
	"sort"
	"strings"
	"syscall"

	"github.com/google/nftables"
	"github.com/google/nftables/expr"
	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// State is everything on the PC that a fix could have changed, one line each,
// sorted: two states are equal when nothing a person set is different.
type State []string

// Changes lists what b has and a has not (+), and the other way round (-).
func (a State) Changes(b State) []string {
	var out []string
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case j == len(b) || i < len(a) && a[i] < b[j]:
			out = append(out, "-"+a[i])
			i++
		case i == len(a) || a[i] > b[j]:
			out = append(out, "+"+b[j])
			j++
		default:
			i, j = i+1, j+1
		}
	}
	return out
}

// Files that fixes may touch.
var stateFiles = []string{"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/environment"}

// Snapshot reads the PC's state. What the kernel changes by itself (counters,
// learned neighbours, lifetimes) is left out.
func (l *Lab) Snapshot() (State, error) {
	var s State
	for _, part := range []func() ([]string, error){l.links, l.addresses, l.routes, l.rules, l.neighbours, l.filters, l.files} {
		lines, err := part()
		if err != nil {
			return nil, err
		}
		s = append(s, lines...)
	}
	sort.Strings(s)
	return s, nil
}

func (l *Lab) links() (out []string, err error) {
	links, err := l.PC.nl.LinkList()
	for _, link := range links {
		a := link.Attrs()
		out = append(out, fmt.Sprintf("link %s %s up=%t mtu=%d mac=%s master=%d", a.Name, link.Type(), a.Flags&1 != 0, a.MTU, a.HardwareAddr, a.MasterIndex))
	}
	return out, err
}

func (l *Lab) addresses() (out []string, err error) {
	addrs, err := l.PC.nl.AddrList(nil, netlink.FAMILY_ALL)
	for _, a := range addrs {
		if selfMade(a.IPNet) {
			continue
		}
		flags := a.Flags &^ unix.IFA_F_TENTATIVE
		out = append(out, fmt.Sprintf("address %d %s scope=%d flags=%#x", a.LinkIndex, a.IPNet, a.Scope, flags))
	}
	return out, err
}

// selfMade are the IPv6 addresses and routes that the kernel makes up for
// every link: it does so after the carrier came and duplicate detection ended
// (RFC 4862 5.3 and 5.4), at a moment of its own.
func selfMade(n *net.IPNet) bool {
	return n != nil && n.IP.To4() == nil && (n.IP.IsLinkLocalUnicast() || n.IP.IsMulticast())
}

// routes of every table; "linkdown" and the like are the kernel's remarks,
// not settings, so flags stay out except onlink.
func (l *Lab) routes() (out []string, err error) {
	for _, family := range []int{unix.AF_INET, unix.AF_INET6} {
		all := &netlink.Route{Table: unix.RT_TABLE_UNSPEC}
		routes, err := l.PC.nl.RouteListFiltered(family, all, netlink.RT_FILTER_TABLE)
		if err != nil {
			return nil, err
		}
		for _, r := range routes {
			// The route to an IPv6 address of this PC's own follows the address
			// by itself, once duplicate detection lets it.
			own := family == unix.AF_INET6 && r.Table == unix.RT_TABLE_LOCAL
			if (own || selfMade(r.Dst)) && r.Protocol == unix.RTPROT_KERNEL {
				continue
			}
			out = append(out, fmt.Sprintf("route %d table=%d type=%d %v via %v dev %d src %v metric=%d proto=%d scope=%d mtu=%d onlink=%t multi=%v",
				family, r.Table, r.Type, r.Dst, r.Gw, r.LinkIndex, r.Src, r.Priority, r.Protocol, r.Scope, r.MTU, r.Flags&unix.RTNH_F_ONLINK != 0, r.MultiPath))
		}
	}
	return out, nil
}

func (l *Lab) rules() (out []string, err error) {
	rules, err := l.PC.nl.RuleList(netlink.FAMILY_ALL)
	for _, r := range rules {
		out = append(out, fmt.Sprintf("rule family=%d %s", r.Family, r))
	}
	return out, err
}

func (l *Lab) neighbours() (out []string, err error) {
	all, err := l.PC.nl.NeighList(0, 0)
	for _, n := range all {
		if n.State&netlink.NUD_PERMANENT != 0 {
			out = append(out, fmt.Sprintf("neighbour %d %s %s", n.LinkIndex, n.IP, n.HardwareAddr))
		}
	}
	return out, err
}

func (l *Lab) filters() (out []string, err error) {
	c, err := nftables.New(nftables.WithNetNSFd(int(l.PC.ns)))
	if err != nil {
		return nil, err
	}
	chains, err := c.ListChains()
	if err != nil {
		return nil, err
	}
	for _, chain := range chains {
		where := fmt.Sprintf("filter %d %s %s", chain.Table.Family, chain.Table.Name, chain.Name)
		out = append(out, where)
		rules, err := c.GetRules(chain.Table, chain)
		if err != nil {
			return nil, err
		}
		for _, r := range rules {
			out = append(out, fmt.Sprintf("%s rule %d:%s", where, r.Handle, expressions(r.Exprs)))
		}
	}
	return out, nil
}

func expressions(all []expr.Any) string {
	var b strings.Builder
	for _, e := range all {
		if _, counts := e.(*expr.Counter); !counts {
			fmt.Fprintf(&b, " %T%+v", e, e)
		}
	}
	return b.String()
}

func (l *Lab) files() (out []string, err error) {
	err = l.Inside(func() error {
		for _, path := range stateFiles {
			line, err := fileLine(path)
			if err != nil {
				return err
			}
			out = append(out, line)
		}
		return nil
	})
	return out, err
}

// fileLine is a file to the byte: kind, mode, owner, extended attributes,
// link target or content. Times are not settings.
func fileLine(path string) (string, error) {
	info, err := os.Lstat(path)
	if os.IsNotExist(err) {
		return "file " + path + " absent", nil
	}
	if err != nil {
		return "", err
	}
	owner := info.Sys().(*syscall.Stat_t)
	line := fmt.Sprintf("file %s %s %d:%d links=%d xattrs=%q", path, info.Mode(), owner.Uid, owner.Gid, owner.Nlink, xattrs(path))
	if info.Mode()&os.ModeSymlink != 0 {
		target, err := os.Readlink(path)
		return line + " -> " + target, err
	}
	content, err := os.ReadFile(path)
	return fmt.Sprintf("%s %q", line, content), err
}

func xattrs(path string) []string {
	names, value := make([]byte, 4096), make([]byte, 65536)
	size, err := unix.Llistxattr(path, names)
	if err != nil {
		return nil
	}
	var out []string
	for _, name := range strings.Split(strings.TrimRight(string(names[:size]), "\x00"), "\x00") {
		if n, err := unix.Lgetxattr(path, name, value); err == nil && name != "" {
			out = append(out, name+"="+string(value[:n]))
		}
	}
	sort.Strings(out)
	return out
}
