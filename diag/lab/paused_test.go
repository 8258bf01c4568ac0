//go:build linux

package lab_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"deskside/diag/lab"
)

// TestPausedProgram stops the program as soon as it has asked its first
// question, for longer than silence takes to be known, and lets it go on. All
// answers have come meanwhile and nobody read them in time. That is no fault
// of the network: it looks again.
func TestPausedProgram(t *testing.T) {
	const pause = 1600 * time.Millisecond // more than any stage waits for an answer
	bin, err := program()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"healthy", "healthy-slow", "dns-first-dead", "portal-302"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := start(t, name)
			asked, once := make(chan struct{}), sync.Once{}
			for _, ip := range []string{lab.Quad9, lab.OneOne} {
				l.Resolver(ip).Wrap(func(truth lab.Answer) lab.Answer {
					return func(q *dns.Msg) *dns.Msg {
						once.Do(func() { close(asked) })
						return truth(q)
					}
				})
			}
			cmd := l.Command(t.Context(), lab.Options{}, bin, "check", "--json", "--full")
			var out bytes.Buffer
			cmd.Stdout = &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-asked
			signal(t, cmd.Process.Pid, syscall.SIGSTOP)
			time.Sleep(pause) // the pause itself
			signal(t, cmd.Process.Pid, syscall.SIGCONT)
			_ = cmd.Wait() // how it ends is in the report
			var whole report
			if err := json.Unmarshal(out.Bytes(), &whole); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(whole.causes(), append([]string{}, l.World.Expect...)) {
				t.Errorf("paused: %q, want %q\n%s", whole.causes(), l.World.Expect, whole.trouble())
			}
			if r := whole.Facts.Run; r.LateMS < 1000 && !r.Again {
				t.Errorf("nobody noticed: %+v", r)
			}
		})
	}
}

func signal(t *testing.T, pid int, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, s); err != nil {
		t.Fatal(err)
	}
}
