package tui

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"deskside/diag/text"
	"deskside/tui/term"
	"deskside/tui/wizard"
)

// demoEnv makes the test binary a small program: the fabricated story on the
// real terminal. The PTY tests start it; so can a person:
//
//	go test -c -o /tmp/demo ./tui && DESKSIDE_TUI_DEMO=opening /tmp/demo
const demoEnv = "DESKSIDE_TUI_DEMO"

func TestMain(m *testing.M) {
	if first := os.Getenv(demoEnv); first != "" {
		os.Exit(demo(first))
	}
	os.Exit(m.Run())
}

func demo(first string) int {
	// What cmd does: signals end the screen, the running work is waited for.
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGHUP, syscall.SIGTERM)
	defer stop()
	if os.Getenv("DEMO_IGNORE_HUP") != "" {
		stop()
		signal.Ignore(syscall.SIGHUP)
		ctx = context.Background()
	}
	s, shop := tell(first, pages()...), newWorkshop()
	trace := os.Getenv("DEMO_TRACE")
	s.effects = map[string]wizard.Effect{"apply": func(context.Context, func(wizard.Event)) {
		note(trace, "begun")
		time.Sleep(300 * time.Millisecond) // the work itself
		note(trace, "finished")
	}}
	facts := term.Look(os.Stdin, os.Stdout, os.Getenv)
	color, err := term.ParseColor(orElse(os.Getenv("DEMO_COLOR"), "auto"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	err = Run(ctx, Options{Wizard: s, Runner: shop, Printer: text.New("en"), Facts: facts, Color: color})
	shop.wg.Wait()
	note(trace, fmt.Sprintf("over: %v", err))
	return 0
}

// note appends a line to the trace a test reads; the terminal may be gone.
func note(path, line string) {
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	fmt.Fprintln(f, line)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
