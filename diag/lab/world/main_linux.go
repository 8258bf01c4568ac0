// Command world runs a program on the PC of a lab world, to look at screens by
// hand and for tests that drive a terminal:
//
//	world list
//	world [--user nobody] [--no-ping] NAME [-- COMMAND…]
//
// Without a command it runs $SHELL. It ends as the command ends.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"

	"deskside/diag/lab"
)

func main() {
	user := pflag.String("user", "", "run the command as root or nobody; the world decides when empty")
	noPing := pflag.Bool("no-ping", false, "let no one send echo requests without root")
	pflag.Parse()
	if pflag.NArg() == 0 || pflag.Arg(0) == "list" {
		list()
		return
	}
	w, ok := lab.Find(pflag.Arg(0))
	if !ok {
		fmt.Fprintf(os.Stderr, "world: no world %q; see: world list\n", pflag.Arg(0))
		os.Exit(3)
	}
	if *user != "" {
		w.User = *user
	}
	w.Site.NoPing = w.Site.NoPing || *noPing
	argv := pflag.Args()[1:]
	if len(argv) == 0 {
		argv = []string{shell()}
	}
	code, err := run(w, argv)
	if err != nil {
		fmt.Fprintln(os.Stderr, "world:", err)
	}
	os.Exit(code)
}

func list() {
	for _, w := range lab.Worlds() {
		says := strings.Join(w.Expect, ", ")
		if says == "" {
			says = "healthy"
		}
		fmt.Printf("%-28s %-24s %s\n", w.Name, says, w.Story)
	}
}

func shell() string {
	if s := os.Getenv("SHELL"); s != "" {
		return s
	}
	return "/bin/sh"
}

// run ends as the command ends. The terminal's own signals reach the command
// directly, as it is in the same group; this program must only outlive it, so
// that the world is taken down.
func run(w lab.World, argv []string) (int, error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGQUIT, syscall.SIGTERM, syscall.SIGHUP)
	l, err := lab.Up(w)
	if err != nil {
		return 3, err
	}
	defer l.Close()
	cmd := l.Command(context.Background(), lab.Options{}, argv...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 126, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			if s == syscall.SIGTERM || s == syscall.SIGHUP {
				_ = cmd.Process.Signal(s) // gone already: Wait says so
			}
		case err := <-ended:
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				return status(exit), nil
			}
			return 0, err
		}
	}
}

// status is the exit code as a shell gives it: 128 and the signal's number.
func status(e *exec.ExitError) int {
	if s := e.Sys().(syscall.WaitStatus); s.Signaled() {
		return 128 + int(s.Signal())
	}
	return e.ExitCode()
}
