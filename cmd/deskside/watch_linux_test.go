package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// follower is a running watch whose lines of JSON a test reads along.
type follower struct {
	t      *testing.T
	cmd    *exec.Cmd
	events chan map[string]any
}

func (p *pc) follow(o lab.Options, args ...string) *follower {
	p.t.Helper()
	f := &follower{p.t, p.deskside(o, append([]string{"watch", "--json"}, args...)...), make(chan map[string]any, 100)}
	out, err := f.cmd.StdoutPipe()
	if err == nil {
		err = f.cmd.Start()
	}
	if err != nil {
		p.t.Fatal(err)
	}
	go func() {
		defer close(f.events)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			var e map[string]any
			if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
				p.t.Errorf("%v: %s", err, lines.Text())
			}
			f.events <- e
		}
	}()
	return f
}

// await reads on to an event, and fails on a gap or the end.
func (f *follower) await(name string) map[string]any {
	f.t.Helper()
	late := time.After(40 * time.Second)
	for {
		select {
		case e, more := <-f.events:
			switch {
			case !more:
				f.t.Fatalf("the watch ended before %q", name)
			case e["event"] == name:
				return e
			case e["event"] == "gap":
				f.t.Errorf("a gap: %v", e)
			}
		case <-late:
			f.t.Fatalf("no %q", name)
		}
	}
}

// stop is Ctrl+C; what is left comes out, the summary last.
func (f *follower) stop() map[string]any {
	f.t.Helper()
	if err := f.cmd.Process.Signal(syscall.SIGINT); err != nil {
		f.t.Fatal(err)
	}
	last := f.await("summary")
	if err := f.cmd.Wait(); err != nil {
		f.t.Error(err)
	}
	return last
}

// TestWatchNamesWhatComesAndGoes breaks a world while the watch runs, and heals
// it again.
func TestWatchNamesWhatComesAndGoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, user   string
		noPing       bool
		where, cause string
		breaks       func(*lab.Net)
		heals        func(*lab.Net)
	}{
		{name: "cable", where: "link", cause: "link.no_carrier",
			breaks: func(n *lab.Net) { n.LAN.Down("p_pc") }, heals: func(n *lab.Net) { n.LAN.Up("p_pc") }},
		{name: "router", where: "router", cause: "gw.arp_failed",
			breaks: func(n *lab.Net) { n.GW.Down("lan0") }, heals: func(n *lab.Net) { n.GW.Up("lan0") }},
		{name: "router without rights", user: "nobody", noPing: true, where: "router", cause: "gw.arp_failed",
			breaks: func(n *lab.Net) { n.GW.Down("lan0") }, heals: func(n *lab.Net) { n.GW.Up("lan0") }},
		{name: "provider", where: "provider", cause: "wan.silent_beyond_hop",
			breaks: func(n *lab.Net) { n.ISP.Drop(lab.Forward) }, heals: func(n *lab.Net) { n.ISP.Pass(lab.Forward) }},
		{name: "names", where: "names", cause: "dns.server_silent",
			breaks: func(n *lab.Net) { n.Resolver(lab.Quad9).Answers(lab.Mute) }, heals: func(n *lab.Net) { n.Heal(lab.Quad9) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			world := "healthy"
			if c.noPing {
				world = "healthy-no-ping"
			}
			p := open(t, world)
			f := p.follow(lab.Options{User: c.user})
			f.await("heartbeat") // everybody has answered once
			c.breaks(p.Net)
			if e := f.await("opened"); e["where"] != c.where {
				if e["where"] = f.await("moved")["where"]; e["where"] != c.where {
					t.Errorf("at %v, want %s", e["where"], c.where)
				}
			}
			if e := f.await("named"); e["cause"] != c.cause {
				t.Errorf("cause %v (%v), want %s", e["cause"], e["naming"], c.cause)
			}
			c.heals(p.Net)
			if e := f.await("closed"); e["where"] != c.where || e["lasts_s"].(float64) <= 0 {
				t.Errorf("%v", e)
			}
			sum := f.stop()
			t.Logf("%v", sum["incidents"])
			if sum["incident_count"] != 1.0 || sum["causes"].(map[string]any)[c.cause] != 1.0 {
				t.Errorf("%v", sum)
			}
			for _, row := range sum["contacted"].([]any) {
				if row.(map[string]any)["address"] != "" {
					t.Errorf("an address in what is made to be stored: %v", row)
				}
			}
		})
	}
}

// TestWatchNamesWhatIsIll: a line that becomes slow, and one that loses packets,
// are told and named while nothing is silent, and heal.
func TestWatchNamesWhatIsIll(t *testing.T) {
	if testing.Short() {
		t.Skip("has to learn for some time what is usual; run without -short")
	}
	t.Parallel()
	for _, c := range []struct {
		kind, where, cause string
		breaks, heals      func(*lab.Net)
	}{
		{"slow", "provider", "perf.uplink_saturated_other",
			(*lab.Net).Crowd, func(n *lab.Net) { n.GW.NoRate("wan0") }},
		{"losses", "provider", "wan.loss_hop",
			func(n *lab.Net) { n.ISP.Drop(lab.Forward, lab.Percent(20)) }, nil}, // that it is over takes half a minute to believe
	} {
		t.Run(c.kind, func(t *testing.T) {
			t.Parallel()
			// Which packets get lost is chance, and a fifth of them may say too
			// little once in a while: then another line is watched.
			var said string
			for range 3 {
				if said = watchedIll(t, c.kind, c.where, c.cause, c.breaks, c.heals); said == "" {
					return
				}
				t.Log("once more: " + said)
			}
			t.Error(said)
		})
	}
}

// watchedIll breaks a healthy world while it is watched, and returns what was
// not told as it should be.
func watchedIll(t *testing.T, kind, where, cause string, breaks, heals func(*lab.Net)) string {
	p := open(t, "healthy")
	f := p.follow(lab.Options{})
	f.await("learned")
	breaks(p.Net)
	e := f.await("opened")
	for e["kind"] == "silence" { // two lost packets in a row may come first
		e = f.await("opened")
	}
	if e["kind"] != kind || e["where"] != where {
		f.stop()
		return fmt.Sprintf("%v, want %s at the %s", e, kind, where)
	}
	id := e["incident"]
	for e = f.await("named"); e["incident"] != id; {
		e = f.await("named")
	}
	if e["cause"] != cause {
		f.stop()
		return fmt.Sprintf("cause %v (%v), want %s", e["cause"], e["naming"], cause)
	}
	if heals != nil {
		heals(p.Net)
		for e = f.await("closed"); e["incident"] != id; {
			e = f.await("closed")
		}
	}
	t.Logf("%v", f.stop()["incidents"])
	return ""
}

// TestWatchStaysCalm: nothing wrong, nothing said; and no more is sent than
// promised.
func TestWatchStaysCalm(t *testing.T) {
	t.Parallel()
	for _, world := range []string{"healthy", "healthy-v6", "healthy-no-ping", "healthy-icmp-filtered", "healthy-use-vc"} {
		t.Run(world, func(t *testing.T) {
			t.Parallel()
			if _, ok := lab.Find(world); !ok {
				t.Fatalf("no world %q", world)
			}
			p := open(t, world)
			o := p.run("watch", "--json", "--for", "9s")
			if o.code != 0 || strings.Contains(o.out, `"opened"`) || strings.Contains(o.out, `"gap"`) {
				t.Errorf("exit %d: %s%s", o.code, o.out, o.err)
			}
			p.unchanged("after the watch")
		})
	}
}

// TestWatchScreen: Ctrl+C on the full screen leaves the summary on the normal
// one.
func TestWatchScreen(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	cmd := p.deskside(lab.Options{Env: screenEnv}, "watch")
	s := &screen{ttytest.Open(t, cmd, 80, 24, ttytest.Mute), t}
	s.Await("Everything answers")
	s.shows("Router: ", "Way out: ", "Name service: ", "No incident so far")
	p.Resolver(lab.Quad9).Answers(lab.Mute)
	s.Await("Cause: The name server does not answer")
	s.shows("[FAIL]", "Names could not be looked up")
	p.Heal(lab.Quad9)
	s.Await("Everything answers")
	s.Type("\x03")
	if code := s.Ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	s.shows("Watched for", "1 incident", "Names could not be looked up", "Cause: The name server does not answer")
	if !strings.Contains(s.Raw(), "Sent:") {
		t.Error("never said what was sent")
	}
}

func TestWatchPlain(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	o := p.run("watch", "--for", "6s")
	o.want(t, 0, "at most 3 packets a second", "for 6 s", "still so when the watch ended", "Names cannot be looked up", "Cause: The name server does not answer", "1 incident,", "to see whether the internet answers")
}

func TestWatchWrongUse(t *testing.T) {
	for _, args := range [][]string{{"--interval", "1s"}, {"--for", "-1s"}, {"--for", "0s"}, {"router"}} {
		p := command(t, "", append([]string{"watch"}, args...)...)
		p.want(t, exitUsage)
		if p.out != "" || strings.Count(p.err, "\n") != 1 {
			t.Errorf("%v: %q %q", args, p.out, p.err)
		}
	}
}

// TestWatchInTheWizard: from the page that found nothing and back, with a key each.
func TestWatchInTheWizard(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	s := p.wizard()
	s.Await(firstPage)
	s.press("6", "[m]")
	s.press("m", "Everything answers")
	s.shows("Router: ", "No incident so far")
	s.press("s", "Watched for")
	s.shows("Router: asked")
	s.press("b", "[m]")
	s.press("m", "Everything answers")
	s.press("\x1b", "Watched for") // Esc goes back a page, to what was seen
	s.press("q", "Leave deskside?")
	s.press("y")
	s.Ends()
	p.unchanged("after the watch")
}

// TestWatchSeesAFlap: a cable that was out for less than the time between two
// askings is still told, since the kernel says so.
func TestWatchSeesAFlap(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	f := p.follow(lab.Options{})
	f.await("heartbeat")
	p.LAN.Down("p_pc")
	p.LAN.Up("p_pc")
	if e := f.await("opened"); e["where"] != "link" {
		t.Errorf("%v", e)
	}
	f.await("closed")
	f.stop()
}

// TestWatchHangUp: a line that drops ends the watch.
func TestWatchHangUp(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy")
	tty := ttytest.Open(t, p.deskside(lab.Options{Env: screenEnv}, "watch"), 80, 24, ttytest.Mute)
	tty.Await("Everything answers")
	tty.HangUp()
	tty.Ends()
	p.unchanged("after the watch")
}
