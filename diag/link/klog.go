package link

import (
	"strconv"
	"strings"
)

// How often a link must have lost its carrier lately before it counts as
// coming and going: a person with a cable does so once or twice, and one who
// tries sockets three times.
const (
	lossesCount  = 4
	lossesWindow = 600e6 // ten minutes, in the log's microseconds
	// sleepMargin is what a link may take around a sleep of the PC, which
	// switches it off and on.
	sleepMargin = 20e6
)

// logged is one record of the kernel's log.
type logged struct {
	atUS int64 // since the PC started
	text string
}

// records reads what /dev/kmsg gives ("6,339,5140900,-;eth0: link down"), one
// record a line; lines of details begin with a space
// (Documentation/ABI/testing/dev-kmsg).
func records(b []byte) (out []logged) {
	for line := range strings.Lines(string(b)) {
		head, message, found := strings.Cut(strings.TrimSuffix(line, "\n"), ";")
		fields := strings.Split(head, ",")
		if !found || strings.HasPrefix(line, " ") || len(fields) < 3 {
			continue
		}
		if at, err := strconv.ParseInt(fields[2], 10, 64); err == nil {
			out = append(out, logged{at, message})
		}
	}
	return out
}

// losses counts how often a driver said within the last ten minutes that a
// link lost its carrier, sleeps of the PC left out.
func losses(log []logged, link string, nowUS int64) (n int) {
	var sleeps []int64
	for _, r := range log {
		if strings.HasPrefix(r.text, "PM: suspend") || strings.HasPrefix(r.text, "PM: hibernation") {
			sleeps = append(sleeps, r.atUS)
		}
	}
	for _, r := range log {
		age := nowUS - r.atUS
		if age < 0 || age > lossesWindow || !saysLost(r.text, link) {
			continue
		}
		slept := false
		for _, at := range sleeps {
			slept = slept || r.atUS > at-sleepMargin && r.atUS < at+sleepMargin
		}
		if !slept {
			n++
		}
	}
	return n
}

// saysLost knows the words of the common drivers: "e1000e 0000:00:1f.6 eth0:
// NIC Link is Down" (e1000e, igb, igc, ixgbe, bnxt), "r8169 … enp3s0: Link is
// Down" (phylib), "tg3 … eth0: Link is down", "mlx5_core … eth0: Link down".
func saysLost(text, link string) bool {
	before, after, found := strings.Cut(text, link+": ")
	if !found || before != "" && !strings.HasSuffix(before, " ") {
		return false
	}
	after = strings.ToLower(after)
	return strings.Contains(after, "link is down") || strings.HasPrefix(after, "link down")
}
