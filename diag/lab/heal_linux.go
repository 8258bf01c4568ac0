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
