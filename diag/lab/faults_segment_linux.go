package lab

import (
	"time"

	"golang.org/x/sys/unix"
)

const (
	rogue      = "192.168.1.66"
	interfaces = "/etc/network/interfaces"
	asksDHCP   = "auto eth0\niface eth0 inet dhcp\n"
)

// leaseOf is what dhclient.leases(5) keeps of a lease.
func leaseOf(router string) string {
	return "lease {\n  interface \"eth0\";\n  option routers " + router + ";\n}\n"
}

// addressFaults are in who has which address, and who gave it.
func addressFaults() []World {
	noServer := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.File(interfaces, asksDHCP)
	}
	apipa := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.Address("eth0", "169.254.7.7/16")
	}
	good := Lease{Server: Router, Address: "192.168.1.60", Router: Router}
	astray := func(n *Net) {
		stray := n.stranger("rogue", rogue+"/24")
		n.DHCP(n.GW, "lan0", good)
		n.DHCP(stray, "eth0", Lease{Server: rogue, Address: "192.168.1.61", Router: rogue})
		n.PC.NoDefault(Router)
		n.PC.Default(rogue, "eth0", 0)
		n.PC.File(interfaces, asksDHCP)
		n.nameservers(rogue)
	}
	wide := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.Address("eth0", PCAddress+"/1")
		n.PC.Default(Router, "eth0", 0)
	}
	narrow := func(n *Net) {
		n.PC.NoAddress("eth0", PCAddress+"/24")
		n.PC.Address("eth0", "192.168.1.150/25")
	}
	mask := []string{"addr.wrong_mask"}
	return []World{
		{Name: "addr-wide-mask", Story: "The mask takes half the internet for neighbours.", Expect: mask, Build: wide},
		{Name: "addr-wide-mask-no-root", Story: "The same without rights.", Expect: mask, User: "nobody", Site: Site{NoPing: true}, Build: wide},
		{Name: "addr-narrow-mask", Story: "The mask leaves the router outside.", Expect: mask, Plain: []string{"route.no_default"}, Build: narrow},
		{Name: "addr-narrow-mask-no-root", Story: "The same without the right to ask the cable: the way out is missing.", Expect: []string{"route.no_default"}, User: "nobody", Build: narrow},
		{Name: "addr-duplicate", Story: "Another device has the PC's address.", Expect: []string{"addr.duplicate"}, Plain: []string{},
			Build: func(n *Net) { n.stranger("dup", PCAddress+"/24") }},
		// Without rights a dead line looks the same, and is far more common.
		{Name: "addr-mac-conflict", Story: "A copied machine has the PC's hardware address.", Expect: []string{"addr.mac_conflict"}, Plain: []string{"wan.silent_beyond_hop"}, Site: Site{RTT: 80 * time.Millisecond},
			Build: func(n *Net) { n.mirror("copy", "192.168.1.77") }},
		{Name: "addr-no-dhcp", Story: "The PC asks for an address, and nobody hands any out.", Expect: []string{"addr.no_dhcp_server"}, Plain: []string{"addr.none"}, Build: noServer},
		{Name: "addr-no-dhcp-apipa", Story: "The same, and the PC made one up.", Expect: []string{"addr.no_dhcp_server"}, Plain: []string{"addr.apipa"}, Build: func(n *Net) {
			apipa(n)
			n.PC.File(interfaces, asksDHCP)
		}},
		{Name: "addr-no-dhcp-no-root", Story: "The same, and the program may not ask.", Expect: []string{"addr.none"}, User: "nobody", Build: noServer},
		{Name: "addr-apipa-offer", Story: "The PC made an address up, though one is handed out by now.", Expect: []string{"addr.apipa"}, Build: func(n *Net) {
			apipa(n)
			n.DHCP(n.GW, "lan0", good)
		}},
		{Name: "addr-dhcp-refused", Story: "The router has no address left.", Expect: []string{"addr.dhcp_refused"}, Plain: []string{"addr.apipa"}, Build: func(n *Net) {
			apipa(n)
			n.DHCP(n.GW, "lan0", Lease{Server: Router})
		}},
		{Name: "addr-dhcp-rogue", Story: "A stray device handed out settings that lead to itself.", Expect: []string{"addr.dhcp_rogue"},
			Plain: []string{"addr.dhcp_rogue", "gw.duplicate", "wan.silent_beyond_hop"}, Build: astray},
		{Name: "addr-dhcp-rogue-lease", Story: "The same without rights; an earlier lease tells of another router.", Expect: []string{"addr.dhcp_rogue"}, User: "nobody", Build: func(n *Net) {
			astray(n)
			n.PC.File("/var/lib/dhcp/dhclient.eth0.leases", leaseOf(Router)+leaseOf(rogue))
		}},
	}
}

// wayFaults are in which way packets take, and in the router that should pass
// them on.
func wayFaults() []World {
	const table, priority = 100, 1000
	keeps := []string{"gw.no_forward", "gw.no_nat"}
	leftover := []string{"route.rule_leftover"}
	vpn := []string{"route.vpn_dead"}
	dead := func(n *Net) {
		n.swallow(n.PC, "tun0")
		n.PC.Address("tun0", "10.8.0.2/24")
		n.PC.Direct("0.0.0.0/1", "tun0")
		n.PC.Direct("128.0.0.0/1", "tun0")
	}
	noForward := func(n *Net) {
		n.nameservers(Router)
		n.GW.Drop(Forward)
	}
	return []World{
		{Name: "route-vpn-dead", Story: "A VPN took over the way out and is dead.", Expect: vpn, Build: dead},
		{Name: "route-vpn-dead-no-root", Story: "The same without rights.", Expect: vpn, User: "nobody", Site: Site{NoPing: true}, Build: dead},
		{Name: "route-rule-refuses", Story: "A rule left behind leads to a table that refuses.", Expect: leftover, Build: func(n *Net) {
			n.PC.TableDefault(table, unix.RTN_UNREACHABLE, "", "")
			n.PC.RuleTo(table, priority)
		}},
		{Name: "route-rule-dead", Story: "A rule left behind leads to a router that is gone.", Expect: leftover, Build: func(n *Net) {
			n.PC.TableDefault(table, unix.RTN_UNICAST, Nobody, "eth0")
			n.PC.RuleTo(table, priority)
		}},
		{Name: "route-rule-nic", Story: "A rule left behind leads to an adapter that leads nowhere.", Expect: leftover, User: "nobody", Build: func(n *Net) {
			n.spare()
			n.PC.Address("eth1", "10.9.9.2/24")
			n.PC.TableDefault(table, unix.RTN_UNICAST, "10.9.9.1", "eth1")
			n.PC.RuleTo(table, priority)
		}},
		{Name: "route-gw-wrong", Story: "The router that is set is not there; the last lease named another.", Expect: []string{"route.gw_wrong"}, Build: func(n *Net) {
			n.PC.NoDefault(Router)
			n.PC.Default(Nobody, "eth0", 0)
			n.PC.File("/var/lib/dhcp/dhclient.eth0.leases", leaseOf(Router))
		}},
		{Name: "route-gw-wrong-offer", Story: "The router that is set is not there; the one that hands out addresses is.", Expect: []string{"route.gw_wrong"}, Plain: []string{"gw.arp_failed"}, Build: func(n *Net) {
			n.PC.NoDefault(Router)
			n.PC.Default(Nobody, "eth0", 0)
			n.DHCP(n.GW, "lan0", Lease{Server: Router, Address: "192.168.1.60", Router: Router})
		}},
		{Name: "gw-duplicate", Story: "Two devices answer as the router.", Expect: []string{"gw.duplicate"}, Plain: []string{"gw.duplicate", "wan.silent_beyond_hop"},
			Build: func(n *Net) { n.stranger("twin", Router+"/24") }},
		{Name: "gw-no-forward", Story: "The router is online and passes nothing on.", Expect: keeps, Build: noForward},
		{Name: "gw-no-forward-no-root", Story: "The same without rights.", Expect: keeps, User: "nobody", Site: Site{NoPing: true}, Build: noForward},
		{Name: "gw-no-nat", Story: "The router is online and does not share its address.", Expect: keeps, Build: func(n *Net) {
			n.nameservers(Router)
			n.GW.NoFilters()
		}},
	}
}
