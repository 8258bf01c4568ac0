package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes"
	"deskside/tui/term"
)

// streams are what the program reads and writes; tests give their own.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Exit codes that are not a check's own.
const (
	exitDone    = 0
	exitRefused = 1 // refused or failed, nothing changed
	exitBack    = 2 // failed and taken back
	exitUsage   = 3 // wrong usage, or could not run
	exitStuck   = 4 // could not be fully taken back
)

// coded is an error that ends the program with a code of its own.
type coded struct {
	code int
	err  error
}

func (c coded) Error() string { return c.err.Error() }
func (c coded) Unwrap() error { return c.err }

// silent ends the program with a code and nothing more to say.
func silent(code int) error { return coded{code, errors.New("")} }

// app is what every command shares: the common flags and what they name.
type app struct {
	streams
	configFile, stateDir, lang, color string
	plain                             bool
	target                            string // what does not work, for the fix commands

	cfg     config.Config
	printer *text.Printer
	host    host.Host
}

// run is the whole program; it returns the exit code.
func run(ctx context.Context, args []string, s streams) int {
	a := &app{streams: s, host: host.Local{}}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if err.Error() != "" {
		fmt.Fprintf(s.err, "deskside: %s\n", oneLine(err.Error()))
	}
	var c coded
	if errors.As(err, &c) {
		return c.code
	}
	return exitUsage
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "deskside", Short: "Find the root cause of a PC's trouble, and fix it in a way that can be taken back",
		Args: cobra.NoArgs, SilenceErrors: true, SilenceUsage: true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return a.prepare(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.wizard(cmd.Context()) },
	}
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	f := root.PersistentFlags()
	f.StringVar(&a.configFile, "config", os.Getenv("DESKSIDE_CONFIG"), "configuration file (TOML)")
	f.StringVar(&a.stateDir, "state-dir", os.Getenv("DESKSIDE_STATE_DIR"), "where transactions and reports are kept")
	f.StringVar(&a.lang, "lang", "", "language: en or ru")
	f.StringVar(&a.color, "color", "auto", "colours: auto, always or never")
	f.BoolVar(&a.plain, "plain", false, "numbered lines instead of the full screen")
	root.SetFlagErrorFunc(wrongFlag)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(a.checkCmd(), a.explainCmd(), a.fixCmd(), a.undoCmd(), a.statusCmd(), a.recoverCmd(), a.versionCmd(), a.watchCmd())
	return root
}

// prepare reads what the common flags name, before any command runs.
func (a *app) prepare(*cobra.Command) error {
	if _, err := term.ParseColor(a.color); err != nil {
		return fmt.Errorf("--%w", err)
	}
	lang, err := language(a.lang)
	if err != nil {
		return err
	}
	a.printer = text.New(lang)
	if a.cfg, err = config.Load(a.configFile); err != nil {
		return err
	}
	if err := goodServices(a.cfg, a.printer); err != nil {
		return err
	}
	if a.stateDir == "" {
		a.stateDir = defaultStateDir(a.host)
	}
	if !filepath.IsAbs(a.stateDir) {
		if a.stateDir, err = filepath.Abs(a.stateDir); err != nil {
			return err
		}
	}
	return nil
}

// language takes the flag, else the locale of the environment, else English.
func language(flag string) (string, error) {
	switch flag {
	case "en", "ru":
		return flag, nil
	case "":
	default:
		return "", fmt.Errorf("--lang %s: want en or ru", flag)
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			if strings.HasPrefix(v, "ru") {
				return "ru", nil
			}
			return "en", nil
		}
	}
	return "en", nil
}

// defaultStateDir is the system's for the superuser, else the user's own
// (XDG Base Directory Specification).
func defaultStateDir(h host.Host) string {
	if h.Euid() == 0 {
		return "/var/lib/deskside"
	}
	if d := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(d) {
		return filepath.Join(d, "deskside")
	}
	if d, err := os.UserHomeDir(); err == nil {
		return filepath.Join(d, ".local", "state", "deskside")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("deskside-%d", h.Euid()))
}

func (a *app) engine() *fixes.Engine { return &fixes.Engine{Host: a.host, StateDir: a.stateDir} }

// colour decides whether what is printed line by line may be coloured.
func (a *app) colour() bool {
	_, _, f := a.terminal()
	return f.Profile(term.Color(a.color)) != termenv.Ascii
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\n", " ")), " ")
}
