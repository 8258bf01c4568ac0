package lab

import (
	"net"
	"sync"
	"time"

	"github.com/miekg/dns"
)

// patience is how long a home router waits for its provider before it says
// SERVFAIL; most callers have given up by then.
const patience = 4 * time.Second

// forwarder is the name service of a home router: it passes questions on to
// another server and answers back. Its questions really cross the world's
// wires, so that it falls silent when they do. One unconnected socket, opened
// inside the node, carries them all.
func (n *Net) forwarder(on *Node, upstream string) Answer {
	sock := on.ListenPacket("0.0.0.0:0")
	n.onClose(func() { sock.Close() })
	to := &net.UDPAddr{IP: net.ParseIP(upstream), Port: 53}
	var mu sync.Mutex
	waiting := map[uint16]chan *dns.Msg{}

	n.run(func() {
		buf := make([]byte, dns.MaxMsgSize)
		for {
			size, _, err := sock.ReadFrom(buf)
			if err != nil {
				return
			}
			reply := new(dns.Msg)
			if reply.Unpack(buf[:size]) != nil {
				continue
			}
			mu.Lock()
			back := waiting[reply.Id]
			delete(waiting, reply.Id) // one answer each; the reply is the asker's from here on
			mu.Unlock()
			if back != nil {
				back <- reply // has room for one
			}
		}
	})

	return func(q *dns.Msg) *dns.Msg {
		ask, back := q.Copy(), make(chan *dns.Msg, 1)
		ask.Id = dns.Id()
		wire, err := ask.Pack()
		if err != nil {
			return new(dns.Msg).SetRcode(q, dns.RcodeFormatError)
		}
		mu.Lock()
		waiting[ask.Id] = back
		mu.Unlock()
		defer func() {
			mu.Lock()
			defer mu.Unlock()
			delete(waiting, ask.Id)
		}()
		if _, err := sock.WriteTo(wire, to); err != nil {
			return new(dns.Msg).SetRcode(q, dns.RcodeServerFailure) // no way out: dnsmasq says so at once
		}
		select {
		case reply := <-back:
			reply.Id = q.Id
			return reply
		case <-time.After(patience):
			return new(dns.Msg).SetRcode(q, dns.RcodeServerFailure)
		case <-n.over:
			return nil
		}
	}
}
