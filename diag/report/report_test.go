package report

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"deskside/diag"
	"deskside/diag/catalog"
	"deskside/diag/config"
	"deskside/diag/dns"
	"deskside/diag/link"
	"deskside/diag/text"
)

// broken is a PC whose cable is out; its adapter's name holds its MAC, and a
// hostile search domain is set.
func broken() diag.Result {
	f := link.Section.In(diag.Facts{}, link.Facts{
		Readable: diag.Yes,
		Links:    []link.Link{{Index: 2, Name: "enxdeadbeef0001", MAC: "de:ad:be:ef:00:01", Kind: "ether", Plain: true, Up: true}},
	})
	f = dns.Section.In(f, dns.Facts{Conf: dns.Conf{Exists: diag.Yes, Servers: []string{"192.168.77.1"}, Search: []string{"evil\x1b[2J.local"}}})
	return diag.Result{
		Assessment: catalog.Explain(f), Facts: f, StartedAt: "2026-01-02T03:04:05Z", DurationMS: 3, VerdictMS: 1.5,
		Contacted: []diag.Contact{{Address: "192.168.77.1", Port: 53, Proto: "udp", Why: "dns"}},
	}
}

func made(t *testing.T, full bool) Report {
	t.Helper()
	rep, err := New(broken(), Options{Printer: text.New("en"), Config: config.Default(), Full: full})
	if err != nil {
		t.Fatal(err)
	}
	return rep
}

func written(t *testing.T, format string, rep Report) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, format, rep, text.New("en"), false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestContract: the members that others read.
func TestContract(t *testing.T) {
	var doc map[string]any
	if err := json.Unmarshal([]byte(written(t, "json", made(t, false))), &doc); err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{"schema", "tool", "started", "duration_ms", "verdict_ms", "status", "diagnosis", "notes", "checks", "facts", "contacted", "redacted"} {
		if _, ok := doc[member]; !ok {
			t.Errorf("no %q", member)
		}
	}
	cause := doc["diagnosis"].([]any)[0].(map[string]any)
	for _, member := range []string{"cause", "severity", "confidence", "title", "say", "next", "explains", "evidence", "fixes"} {
		if cause[member] == nil {
			t.Errorf("no diagnosis.%q", member)
		}
	}
	check := doc["checks"].([]any)[0].(map[string]any)
	for _, member := range []string{"id", "status", "summary", "duration_ms", "findings", "unseen"} {
		if check[member] == nil {
			t.Errorf("no checks.%q", member)
		}
	}
}

// TestRedactedHoldsNothingAndExplainsTheSame, in every format that leaves.
func TestRedactedHoldsNothingAndExplainsTheSame(t *testing.T) {
	for _, format := range Formats {
		out := written(t, format, made(t, false))
		for _, secret := range []string{"deadbeef", "de:ad:be", "192.168.77", "evil"} {
			if strings.Contains(out, secret) {
				t.Errorf("%s holds %s", format, secret)
			}
		}
	}
	for _, full := range []bool{true, false} {
		rep, a, err := Read([]byte(written(t, "json", made(t, full))))
		if err != nil {
			t.Fatal(err)
		}
		if got := Explained(rep, a, text.New("en")).Diagnosis; len(got) != 1 || got[0].Cause != "link.no_carrier" {
			t.Errorf("full %v: %+v", full, got)
		}
	}
}

// TestRealWordsOnTheTerminal: there the person's own names stand, and still
// no control byte.
func TestRealWordsOnTheTerminal(t *testing.T) {
	out := written(t, "text", made(t, true))
	if !strings.Contains(out, "enxdeadbeef0001") || !strings.HasPrefix(out, "[FAIL] ") {
		t.Error(out)
	}
	if i := strings.IndexFunc(out, func(r rune) bool { return r < 0x20 && r != '\n' }); i >= 0 {
		t.Errorf("control byte in %q", out)
	}
	for _, row := range strings.Split(out, "\n") {
		if len([]rune(row)) > width {
			t.Errorf("%d columns: %q", len([]rune(row)), row)
		}
	}
}

func TestNagios(t *testing.T) {
	out := written(t, "nagios", made(t, false))
	if strings.Count(out, "\n") != 1 || strings.Count(out, "|") != 1 || !strings.HasPrefix(out, "DESKSIDE CRITICAL - link.no_carrier") {
		t.Errorf("%q", out)
	}
}

func TestExitCodes(t *testing.T) {
	for s, want := range map[diag.Status]int{diag.OK: 0, diag.Skipped: 0, diag.Warn: 1, diag.Fail: 2, diag.Unknown: 3} {
		if got := ExitCode(s); got != want {
			t.Errorf("%v: %d, want %d", s, got, want)
		}
	}
}

func TestUnknownFormat(t *testing.T) {
	if err := Write(&bytes.Buffer{}, "xml", Report{}, text.New("en"), false); err == nil || !strings.Contains(err.Error(), "json") {
		t.Error(err)
	}
}

// FuzzRead: a report file may hold anything; it is read or refused, and what
// is read can be written again.
func FuzzRead(f *testing.F) {
	rep, err := New(broken(), Options{Printer: text.New("en"), Config: config.Default(), Full: true})
	if err != nil {
		f.Fatal(err)
	}
	seed, _ := json.Marshal(rep)
	f.Add(seed)
	f.Add([]byte(`{"schema":"deskside.report/1","facts":{"dns":null,"x":[]}}`))
	f.Add([]byte(`{"schema":"deskside.report/1","facts":{"internet":{"web":[{"url":"%zz"}]}}}`))
	p := text.New("en")
	f.Fuzz(func(t *testing.T, b []byte) {
		rep, a, err := Read(b)
		if err != nil {
			return
		}
		for _, format := range Formats {
			var out bytes.Buffer
			if err := Write(&out, format, Explained(rep, a, p), p, false); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if format == "text" && slices.ContainsFunc(out.Bytes(), func(c byte) bool { return c < 0x20 && c != '\n' }) {
				t.Errorf("control byte in %q", out.String())
			}
		}
	})
}
