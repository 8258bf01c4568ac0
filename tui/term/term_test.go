package term

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/muesli/termenv"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// The early init works only while Bubble Tea cannot become ready first.
func TestNothingImportedThatBubbleTeaDoesNotImport(t *testing.T) {
	tea := deps(t, "github.com/charmbracelet/bubbletea")
	for name := range deps(t, "deskside/tui/term") {
		if !tea[name] && name != "deskside/tui/term" {
			t.Errorf("%s is not among Bubble Tea's imports: Bubble Tea may be initialised before this package", name)
		}
	}
	if tea["deskside/tui/term"] || deps(t, "deskside/tui/term")["github.com/charmbracelet/bubbletea"] {
		t.Error("this package must not import Bubble Tea")
	}
	if "deskside" > "github.com/charmbracelet/bubbletea" {
		t.Error("the module path must sort before Bubble Tea's")
	}
}

func deps(t *testing.T, pkg string) map[string]bool {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", pkg).Output()
	if err != nil {
		t.Fatalf("go list -deps %s: %v", pkg, err)
	}
	set := map[string]bool{}
	for _, name := range strings.Fields(string(out)) {
		set[name] = true
	}
	return set
}

func TestLookAtPipeAndEnvironment(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	f := Look(r, w, env("TERM", "xterm", "NO_COLOR", "0", "ACCESSIBLE", "1", "LANG", "C", "LC_ALL", "de_DE.UTF-8"))
	want := Facts{Term: "xterm", NoColor: true, Accessible: true, UTF8: true, Windows: f.Windows}
	if f != want {
		t.Errorf("got %+v, want %+v", f, want)
	}
}

func TestPlain(t *testing.T) {
	good := Facts{In: true, Out: true, Term: "xterm"}
	with := func(change func(*Facts)) Facts { f := good; change(&f); return f }
	for name, c := range map[string]struct {
		f     Facts
		asked bool
		want  Reason
	}{
		"capable":              {good, false, FullScreen},
		"asked":                {good, true, Asked},
		"screen reader":        {with(func(f *Facts) { f.Accessible = true }), false, Accessible},
		"output to a file":     {with(func(f *Facts) { f.Out = false }), false, NoOutput},
		"ssh without -t":       {with(func(f *Facts) { f.In = false }), false, NoInput},
		"dumb":                 {with(func(f *Facts) { f.Term = "dumb" }), false, Dumb},
		"no TERM":              {with(func(f *Facts) { f.Term = "" }), false, Dumb},
		"no TERM on a console": {with(func(f *Facts) { f.Term, f.Windows = "", true }), false, FullScreen},
	} {
		if got := c.f.Plain(c.asked); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestProfile(t *testing.T) {
	tty := func(term string) Facts { return Facts{Out: true, Term: term} }
	for name, c := range map[string]struct {
		f    Facts
		wish Color
		want termenv.Profile
	}{
		"xterm":               {tty("xterm"), Auto, termenv.ANSI},
		"256 stay 16":         {tty("xterm-256color"), Auto, termenv.ANSI},
		"tmux":                {tty("tmux"), Auto, termenv.ANSI},
		"putty":               {tty("putty"), Auto, termenv.ANSI},
		"vt100":               {tty("vt100"), Auto, termenv.Ascii},
		"xterm-mono":          {tty("xterm-mono"), Auto, termenv.Ascii},
		"NO_COLOR":            {Facts{Out: true, Term: "xterm", NoColor: true}, Auto, termenv.Ascii},
		"always beats it":     {Facts{Out: true, Term: "xterm", NoColor: true}, Always, termenv.ANSI},
		"never":               {tty("xterm"), Never, termenv.Ascii},
		"a pipe":              {Facts{Term: "xterm"}, Auto, termenv.Ascii},
		"a pipe, but always":  {Facts{}, Always, termenv.ANSI},
		"the Windows console": {Facts{Out: true, Windows: true}, Auto, termenv.ANSI},
	} {
		if got := c.f.Profile(c.wish); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestASCII(t *testing.T) {
	for name, c := range map[string]struct {
		f    Facts
		want bool
	}{
		"utf-8":         {Facts{UTF8: true, Term: "xterm"}, false},
		"C locale":      {Facts{Term: "xterm"}, true},
		"text console":  {Facts{UTF8: true, Term: "linux"}, true},
		"vt220":         {Facts{UTF8: true, Term: "vt220"}, true},
		"wide terminal": {Facts{UTF8: true, Wide: true, Term: "xterm"}, true},
	} {
		if got := c.f.ASCII(); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for locale, want := range map[string]bool{"en_GB.UTF-8": true, "ru_RU.utf8": true, "C": false, "ru_RU.KOI8-R": false, "": false} {
		if got := utf8Locale(env("LANG", locale)); got != want {
			t.Errorf("LANG=%q: %v, want %v", locale, got, want)
		}
	}
	if utf8Locale(env("LANG", "en_GB.UTF-8", "LC_ALL", "C")) {
		t.Error("LC_ALL goes before LANG")
	}
}

func TestParseColor(t *testing.T) {
	if _, err := ParseColor("sometimes"); err == nil {
		t.Error("an unknown wish must be an error")
	}
	if c, err := ParseColor("never"); err != nil || c != Never {
		t.Errorf("never: %q, %v", c, err)
	}
}
