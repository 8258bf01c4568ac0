package main

import (
	"encoding/json"
	"strings"
	"testing"

	"deskside/diag/dns"
	"deskside/diag/lab"
	"deskside/diag/report"
	"deskside/diag/target"
)

// TestTargetIsAllThatIsAdded: beside what every run contacts, only the target
// is sent anything, and the list says why.
func TestTargetIsAllThatIsAdded(t *testing.T) {
	t.Parallel()
	p := open(t, "target-down")
	var plain, aimed report.Report
	p.run("check", "--json", "--full").only(t, &plain)
	w := p.tap()
	p.run("check", "--json", "--full", "--target", lab.Shop).only(t, &aimed)
	sent := w.stop()

	known := map[string]bool{}
	for _, row := range plain.Contacted {
		known[row.Address] = true
	}
	added := map[string]bool{}
	for _, row := range aimed.Contacted {
		if row.Why == "target" {
			added[row.Address] = true
		} else if !known[row.Address] {
			t.Errorf("contacted %s because of %s", row.Address, row.Why)
		}
	}
	if len(added) != 1 {
		t.Errorf("the target is at %v", added)
	}
	for who := range sent.parties {
		address := strings.Fields(who)[1]
		if !known[address] && !added[address] {
			t.Errorf("sent to %s, which is not listed", who)
		}
	}
}

// TestLocalNamesStayHere: a name that means something in this network only is
// asked of this PC's own servers.
func TestLocalNamesStayHere(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy-router-dns")
	var rep report.Report
	p.run("check", "--json", "--full", "--target", "nas.lan").only(t, &rep)
	var f struct{ Target target.Facts }
	raw, err := json.Marshal(rep.Facts)
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil || len(f.Target.Targets) != 1 || f.Target.Targets[0].Lookup == nil {
		t.Fatalf("%v: %s", err, raw)
	}
	told := f.Target.Targets[0].Lookup.Told
	for _, answer := range told {
		if answer.Role == dns.Control {
			t.Errorf("%s was asked about nas.lan", answer.Server)
		}
	}
	if len(told) == 0 {
		t.Error("nobody was asked")
	}
}

// TestTargetIsRedacted: what is stored or sent does not hold the target's
// name, address or path, and reaches the same cause.
func TestTargetIsRedacted(t *testing.T) {
	t.Parallel()
	p := open(t, "target-503")
	for _, format := range report.Formats {
		out := p.run("check", "--format", format, "--target", "https://"+lab.Shop+"/secret7?q=secret8")
		if format == "text" {
			continue // on this terminal it is real
		}
		for _, mark := range []string{lab.Shop, "203.0.113.90", "secret7", "secret8"} {
			if strings.Contains(out.out, mark) {
				t.Errorf("%s shows %q", format, mark)
			}
		}
		if format == "json" && !strings.Contains(out.out, "svc.http_error") {
			t.Errorf("%s does not name the cause", format)
		}
	}
}
