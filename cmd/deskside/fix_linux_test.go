package main

import (
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"deskside/diag/lab"
	"deskside/fixes"
	"deskside/tui/ttytest"
)

// TestFix takes every kind of fix through the commands: listed, planned, not
// applied by silence, applied, kept, taken back to the byte.
func TestFix(t *testing.T) {
	t.Parallel()
	for _, world := range []string{"dns-hosts-override", "dns-first-dead", "dns-servfail", "dns-dangling", "link-admin-down", "route-no-default"} {
		t.Run(world, func(t *testing.T) {
			t.Parallel()
			p := open(t, world)
			fix, cause := p.World.Fix, p.World.Expect[0]

			var offers []offerJSON
			p.run("fix", "list", "--json").only(t, &offers)
			if len(offers) == 0 || offers[0].Fix != fix || offers[0].Cause != cause || offers[0].Refused != "" || offers[0].Title == "" {
				t.Errorf("offers %+v, want %s for %s", offers, fix, cause)
			}
			p.run("fix", "list").want(t, 0, fix, cause)
			var plan fixes.Plan
			p.run("fix", "plan", fix, "--json").only(t, &plan)
			if plan.Fix != fix || plan.Cause != cause || len(plan.Steps) == 0 || len(plan.Diff) == 0 {
				t.Fatalf("plan %+v", plan)
			}
			for _, answer := range []string{"", "y"} { // a line without its end was never sent
				p.runWith(lab.Options{}, answer, "fix", "apply", fix).want(t, 1, plan.Diff[0].Text, en.S("cmd.apply.no"))
			}
			if got := p.run("fix", "apply", fix, "--json"); got.code != 1 || got.out != "" {
				t.Errorf("nobody said yes: exit %d, %q", got.code, got.out)
			}
			p.unchanged("after looking, planning and no")
			p.nothingKept()

			var applied appliedJSON
			p.run("fix", "apply", fix, "--yes", "--json").only(t, &applied)
			if applied.ID == "" || applied.Fix != fix || applied.Cause != cause || applied.State != fixes.Confirmed || applied.How != string(fixes.Cured) {
				t.Errorf("applied %+v", applied)
			}
			p.changed("after the fix")
			p.stands(applied.ID, fixes.Confirmed)
			p.runWith(lab.Options{}, "", "undo", applied.ID).want(t, 1, en.S("cmd.undo.no"))
			p.changed("after an undo that nobody agreed to")

			var undone fixes.Tx
			p.run("undo", applied.ID, "--yes", "--json").only(t, &undone)
			if undone.ID != applied.ID || undone.State != fixes.Undone {
				t.Errorf("undone %+v", undone)
			}
			p.unchanged("after the undo")
			p.stands(applied.ID, fixes.Undone)
			p.run("undo", "--yes").want(t, 1)
			p.unchanged("after another undo of nothing")
		})
	}
}

// stands holds the journal against what was done: one transaction, and how it
// ended.
func (p *pc) stands(tx string, want fixes.State) {
	p.t.Helper()
	var all []fixes.Tx
	o := p.run("status", "--json")
	o.want(p.t, 0)
	o.only(p.t, &all)
	if len(all) != 1 || tx != "" && all[0].ID != tx || all[0].State != want {
		p.t.Errorf("status %+v, want one that is %s", all, want)
	}
}

// TestFixSparesTheSession: over ssh, a fix that touches what the session runs
// over is refused with a reason and the commands to do it by hand. Others are
// not.
func TestFixSparesTheSession(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		world, client string
		code          int
		by            string
	}{
		{"link-admin-down", lab.Nobody, 1, "ip link set dev eth0 up"},
		{"route-no-default", "203.0.113.9", 1, "ip route replace default"},
		{"dns-servfail", "203.0.113.9", 0, ""},
	} {
		t.Run(c.world, func(t *testing.T) {
			t.Parallel()
			p := open(t, c.world)
			over := lab.Options{Env: []string{"SSH_CONNECTION=" + c.client + " 50000 " + lab.PCAddress + " 22"}}
			var offers []offerJSON
			p.runWith(over, "", "fix", "list", "--json").only(t, &offers)
			if len(offers) != 1 || (offers[0].Refused != "") != (c.code != 0) || (offers[0].ByHand != nil) != (c.code != 0) {
				t.Errorf("offers %+v", offers)
			}
			got := p.runWith(over, "", "fix", "apply", p.World.Fix, "--yes")
			got.want(t, c.code, c.by)
			if c.code == 0 {
				p.changed("after the fix")
				return
			}
			if got.out != "" || strings.Count(got.err, "\n") != 2 {
				t.Errorf("want a reason and a command, got %q %q", got.out, got.err)
			}
			p.unchanged("after a refusal")
			p.nothingKept()
		})
	}
}

// TestFixWithoutRights: who may not change the PC is told so, and how.
func TestFixWithoutRights(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent-no-root")
	p.run("fix", "apply", "dns-set-servers", "--yes").want(t, 1, en.S("refuse.root"), "sudo deskside fix apply dns-set-servers")
	p.run("fix", "apply", "link-up", "--yes").want(t, 1, en.S("refuse.not_needed"))
	p.unchanged("after two refusals")
	p.nothingKept()
}

// TestFixInterrupted: a signal at the question is a no, and one before
// anybody knows whether the fix helped takes it back.
func TestFixInterrupted(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	x := ttytest.Open(t, p.deskside(lab.Options{Env: screenEnv}, "fix", "apply", "dns-set-servers"), 80, 24, ttytest.Mute)
	x.AwaitRaw("[y/N]")
	x.Type("\x03")
	if code := x.Ends(); code != 1 {
		t.Errorf("Ctrl+C at the question: exit %d", code)
	}
	p.unchanged("after Ctrl+C at the question")
	p.nothingKept()

	cmd := p.deskside(lab.Options{}, "fix", "apply", "dns-set-servers", "--yes")
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(ttytest.Patience); slices.Equal(p.state(), p.before); {
		if time.Now().After(limit) {
			t.Fatal("the fix was never made")
		}
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // its exit code is what counts
	if code := cmd.ProcessState.ExitCode(); code != 2 || !strings.Contains(said.String(), en.S("cmd.apply.back.stopped")) {
		t.Errorf("SIGTERM during the second look: exit %d, %q", code, said.String())
	}
	p.unchanged("after SIGTERM during the second look")
	p.stands("", fixes.RolledBack)
}

// TestAFaultThatHealsIsNotRepaired: the name server is silent when the cause is
// named and answers when it is asked once more.
func TestAFaultThatHealsIsNotRepaired(t *testing.T) {
	t.Parallel()
	p := open(t, "dns-server-silent")
	s := p.wizard()
	s.Await(firstPage)
	s.Type("1")
	s.Await(silentDNS)
	p.ISP.Pass(lab.Forward)
	s.Await(en.S("ui.fix.watch"))
	if strings.Contains(s.Screen(), "[f] ") {
		t.Errorf("a fix is offered:\n%s", s.Screen())
	}
	s.shows(silentDNS, en.S("ui.choice.watch"))
	s.press("q", en.S("ui.quit.title"))
	s.press("y")
	if code := s.Ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	p.unchanged("after a fault that healed")
	p.nothingKept()
}
