package lab

import "github.com/google/nftables"

// Healing is for faults that come and go: what was broken while a program
// looks on is whole again.

// Pass takes all rules of a hook back that [Node.Drop] made.
func (n *Node) Pass(at Hook) {
	c, err := nftables.New(nftables.WithNetNSFd(int(n.ns)))
	must(err, "%s: nftables", n.Name)
	c.FlushChain(&nftables.Chain{Name: at.name, Table: &nftables.Table{Name: "lab", Family: nftables.TableFamilyINet}})
	must(c.Flush(), "%s: no %s rules", n.Name, at.name)
}

// Heal makes the name server at an address answer the truth again.
func (n *Net) Heal(resolver string) { n.Resolver(resolver).Answers(n.zone()) }

// HealFirst takes the first of the world's two faults away.
func (l *Lab) HealFirst() (err error) {
	defer func() {
		broke := recover()
		if e, ok := broke.(buildError); ok {
			err = e
		} else if broke != nil {
			panic(broke)
		}
	}()
	l.World.Heal(l.Net)
	return nil
}

// NoRate takes what [Node.Rate] set on a link away again, and what stands in its
// queue.
func (n *Node) NoRate(link string) {
	all, err := n.nl.QdiscList(n.link(link))
	must(err, "%s: queues of %s", n.Name, link)
	for _, q := range all {
		if q.Type() == "tbf" {
			must(n.nl.QdiscDel(q), "%s: no rate of %s", n.Name, link)
		}
	}
}

// Crowd has another machine on the LAN send more than a line of 5 Mbit/s takes,
// and waits until its queue of a quarter of a second is full.
func (n *Net) Crowd() {
	n.GW.Rate("wan0", 5_000_000, 160_000)
	n.LAN.Address("br0", "192.168.1.77/24")
	n.LAN.Default(Router, "", 0)
	n.camera(n.LAN, 5_300_000)
	n.GW.Backlogged("wan0", 120_000)
}
