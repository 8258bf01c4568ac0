package main

import (
	"slices"
	"testing"

	"deskside/diag/lab"
	"deskside/diag/report"
)

// What is said in the world whose router is online and passes nothing on.
var (
	blocked    = en.S("cause.gw.no_forward.title", "Router", lab.Router)
	unshared   = en.S("cause.gw.no_nat.title", "Router", lab.Router)
	orElse     = en.S("report.or")
	getsOut    = en.S("question.other_device.ask")
	othersDont = en.S("evidence.told.other_device_no")
	shareAgain = en.S("advice.nat_for_nobody")
	stopsUs    = en.S("advice.forward_for_others")
)

// TestAnswers: a saved report, redacted or not, says with a person's answer
// what a run that was told beforehand says, and needs to be told only once.
func TestAnswers(t *testing.T) {
	t.Parallel()
	p := open(t, "gw-no-forward")
	for _, kind := range [][]string{{"--json"}, {"--json", "--full"}} {
		var asks, split report.Report
		silent := p.run(append([]string{"check"}, kind...)...)
		silent.want(t, 2)
		silent.only(t, &asks)
		if q := asks.Diagnosis[0].Questions; len(asks.Diagnosis) != 2 || len(q) != 1 || q[0].ID != "other_device" || q[0].Question != getsOut || len(q[0].Splits) != 2 {
			t.Fatalf("%v asks %+v about %v", kind, q, causes(asks))
		}
		for answer, want := range map[string][]string{"yes": {"gw.no_forward"}, "no": {"gw.no_nat", "gw.no_forward"}, "unknown": {"gw.no_forward", "gw.no_nat"}} {
			o := p.runWith(lab.Options{}, silent.out, "explain", "-", "--json", "--answer", "other_device="+answer)
			o.want(t, 2)
			o.only(t, &split)
			if got := causes(split); !slices.Equal(got, want) || len(split.Diagnosis[0].Questions) != 0 {
				t.Errorf("%v, %s: %v, and asks %v", kind, answer, got, split.Diagnosis[0].Questions)
			}
		}
		told := p.run(append([]string{"check", "--answer", "other_device=no"}, kind...)...)
		told.want(t, 2, othersDont)
		again := p.runWith(lab.Options{}, told.out, "explain", "-")
		again.want(t, 2, "(gw.no_nat)", othersDont, shareAgain, orElse) // its router has another name
	}
	p.run("check").want(t, 2, "Ask: "+getsOut, "[other_device]", orElse)
	p.unchanged("after checks")
}

// TestPlainQuestion: the pair is split in numbered lines; an answer can be
// taken back; the end of the input is none.
func TestPlainQuestion(t *testing.T) {
	t.Parallel()
	p := open(t, "gw-no-forward")
	x := p.talk(lab.Options{}, "--plain")
	x.answers(turn{firstPage, "1"}, turn{blocked, "a"}, turn{"Ask: " + getsOut, "n"}, turn{othersDont, "x"},
		turn{blocked, "a"}, turn{getsOut, "y"}, turn{stopsUs, ""})
	x.ends().want(t, 0, unshared, shareAgain, goodbye)
	p.unchanged("at the end")

	x = p.talk(lab.Options{}, "--plain")
	x.answers(turn{firstPage, "1"}, turn{blocked, "a"}, turn{getsOut, ""})
	x.ends().want(t, 0, goodbye)
	p.unchanged("after the end of input")
}

// TestScreenQuestion is the same on a terminal, where the router is off: no
// light on it means no power.
func TestScreenQuestion(t *testing.T) {
	t.Parallel()
	p := open(t, "gw-dead")
	dark := en.S("cause.gw.arp_failed.title", "Router", lab.Router)
	s := p.wizard()
	s.Await(firstPage)
	s.Type("1")
	s.Await(dark, en.S("ui.choice.ask"))
	s.press("a", en.S("question.router_light.ask"))
	s.press("\r") // nothing is chosen yet, so it is no answer
	s.press("\x1b", dark)
	s.press("a", en.S("question.router_light.ask"))
	s.press("n", en.S("evidence.told.router_light_no"))
	s.shows(en.S("advice.router_power"), dark)
	s.press("e", en.S("ui.evidence.lead"))
	s.shows(en.S("evidence.told.router_light_no"))
	s.press("q", en.S("ui.quit.title"))
	s.press("y")
	if code := s.Ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	p.unchanged("at the end")
}
