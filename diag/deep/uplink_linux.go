package deep

import (
	"context"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/link"
)

// window between two looks at every connection's counters.
const window = time.Second

// mostTalkers that are kept.
const mostTalkers = 5

// flow is one TCP connection as inet_diag shows it (sock_diag(7)).
type flow struct {
	inode       uint32
	acked       uint64
	rtt, minRTT uint32 // microseconds
}

// WatchUplink finds out who sends, from two looks at the kernel's connections
// and the link's own counters. UDP has no such counters: what the link sent
// and no connection accounts for is theirs. It needs package link's facts, takes a
// second and sends nothing.
func WatchUplink(ctx context.Context, env *diag.Env) error {
	begin := time.Now()
	u := Uplink{AtMS: env.SinceMS(), Readable: diag.Yes}
	before, err := flows(env)
	if err != nil {
		Section.Update(env.Facts, func(f *Facts) { f.Uplink.Readable = diag.No })
		return err
	}
	tx, rx := counters(env)
	env.Step(1, 2)
	wait := time.NewTimer(window)
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	after, err := flows(env)
	if err != nil {
		return err
	}
	txAfter, rxAfter := counters(env)
	u.WindowMS, u.TxBytes, u.RxBytes = diag.MS(time.Since(begin)), txAfter-tx, rxAfter-rx
	u.Talkers = talkers(env, before, after)
	Section.Update(env.Facts, func(f *Facts) { f.Uplink = u })
	env.Step(2, 2)
	return nil
}

// flows are the connections that lead beyond the local network.
func flows(env *diag.Env) (map[uint64]flow, error) {
	near := neighbourhood(env)
	out := map[uint64]flow{}
	for _, family := range []uint8{unix.AF_INET, unix.AF_INET6} {
		rows, err := netlink.SocketDiagTCPInfo(family)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			to, ok := netip.AddrFromSlice(r.InetDiagMsg.ID.Destination)
			if r.TCPInfo == nil || !ok || near(to.Unmap()) {
				continue
			}
			cookie := uint64(r.InetDiagMsg.ID.Cookie[1])<<32 | uint64(r.InetDiagMsg.ID.Cookie[0])
			out[cookie] = flow{r.InetDiagMsg.INode, r.TCPInfo.Bytes_acked, r.TCPInfo.Rtt, r.TCPInfo.Min_rtt}
		}
	}
	return out, nil
}

// neighbourhood tells addresses that are reached without a router.
func neighbourhood(env *diag.Env) func(netip.Addr) bool {
	var prefixes []netip.Prefix
	env.Facts.Look(func(f diag.Facts) {
		for _, a := range link.Section.Of(f).Addresses {
			if p, err := netip.ParsePrefix(a.IP + "/" + strconv.Itoa(a.Bits)); err == nil {
				prefixes = append(prefixes, p)
			}
		}
	})
	return func(a netip.Addr) bool {
		return a.IsUnspecified() || a.IsLoopback() || a.IsLinkLocalUnicast() ||
			slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// talkers sums what was confirmed in between by program, most first. What
// this run sends itself does not count.
func talkers(env *diag.Env, before, after map[uint64]flow) []Talker {
	sent := map[uint32]uint64{}
	largest := map[uint32]flow{}
	for cookie, now := range after {
		then, known := before[cookie]
		delta := now.acked - then.acked
		if !known || now.acked <= then.acked {
			continue
		}
		if delta > sent[now.inode] {
			largest[now.inode] = now
		}
		sent[now.inode] += delta
	}
	byPID := map[int]*Talker{}
	most := map[int]uint64{}
	for inode, pid := range owners(env, sent) {
		if pid == os.Getpid() {
			continue
		}
		t := byPID[pid]
		if t == nil {
			t = &Talker{PID: pid, Name: nameOf(env, pid)}
			byPID[pid] = t
		}
		t.Bytes += int64(sent[inode])
		if sent[inode] > most[pid] {
			most[pid] = sent[inode]
			t.RTTMS, t.MinRTTMS = float64(largest[inode].rtt)/1000, float64(largest[inode].minRTT)/1000
		}
	}
	var out []Talker
	for _, t := range byPID {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b Talker) int { return int(b.Bytes - a.Bytes) })
	return out[:min(len(out), mostTalkers)]
}

// owners maps sockets to the programs that hold them, by /proc/PID/fd
// (proc(5)). Other users' are hidden without root: they are owned by 0.
func owners(env *diag.Env, sockets map[uint32]uint64) map[uint32]int {
	out := map[uint32]int{}
	for inode := range sockets {
		out[inode] = 0
	}
	if len(sockets) == 0 {
		return out
	}
	processes, _ := env.Host.ReadDir("/proc")
	for _, p := range processes {
		pid, err := strconv.Atoi(p.Name())
		if err != nil {
			continue
		}
		dir := "/proc/" + p.Name() + "/fd/"
		files, _ := env.Host.ReadDir(dir) // another user's, or gone
		for _, f := range files {
			target, err := env.Host.Readlink(dir + f.Name())
			number, ok := strings.CutPrefix(target, "socket:[")
			if err != nil || !ok {
				continue
			}
			inode, _ := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 32)
			if _, wanted := sockets[uint32(inode)]; wanted {
				out[uint32(inode)] = pid
			}
		}
	}
	return out
}

func nameOf(env *diag.Env, pid int) string {
	if pid == 0 {
		return ""
	}
	b, _ := env.Host.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	return strings.TrimSpace(string(b))
}

// counters are the bytes that the link towards the anchors sent and received.
func counters(env *diag.Env) (tx, rx int64) {
	var name string
	env.Facts.Look(func(f diag.Facts) {
		facts := link.Section.Of(f)
		for _, p := range facts.To("anchor") {
			if l, ok := facts.Link(p.Index); ok && p.Reachable == diag.Yes && name == "" {
				name = l.Name
			}
		}
	})
	if name == "" || strings.ContainsRune(name, '/') {
		return 0, 0
	}
	read := func(counter string) int64 {
		b, _ := env.Host.ReadFile("/sys/class/net/" + name + "/statistics/" + counter)
		n, _ := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
		return n
	}
	return read("tx_bytes"), read("rx_bytes")
}
