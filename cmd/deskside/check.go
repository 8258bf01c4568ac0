package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"deskside/diag/catalog"
	"deskside/diag/report"
)

// checkFlags are check's own.
type checkFlags struct {
	format, out string
	target      string
	json        bool
	full        bool
	deep        bool
	noLoad      bool
	answers     []string
	timeout     time.Duration
}

// deepCheck is the check that makes a look a deep one by itself.
const deepCheck = "path"

// checkCmd runs the checks once and prints. It never writes to the machine
// and never asks.
func (a *app) checkCmd() *cobra.Command {
	var fl checkFlags
	cmd := &cobra.Command{
		Use: "check [CHECK…]", Short: "Run the checks once and print; changes nothing, asks nothing",
		Long:      "Checks: " + strings.Join(catalog.IDs(), " ") + ".\nExit codes: 0 no problem, 1 warning, 2 problem, 3 could not tell or wrong usage.",
		ValidArgs: catalog.IDs(),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fl.valid(args); err != nil {
				return err
			}
			focus, err := a.aim(args, fl.target, cmd.Flags().Changed("target"))
			if err != nil {
				return err
			}
			focus.Deep, focus.NoLoad = fl.deep, fl.noLoad
			if focus.Answers, err = answers(fl.answers); err != nil {
				return err
			}
			res := catalog.Run(cmd.Context(), a.host, catalog.Options{Config: a.cfg, Focus: focus, Wall: fl.timeout, Observe: a.progress()})
			rep, err := report.New(res, report.Options{Printer: a.printer, Config: a.cfg, Full: fl.full || fl.onTerminal()})
			if err != nil {
				return err
			}
			if err := a.print(rep, fl); err != nil {
				return err
			}
			if code := report.ExitCode(rep.Status); code != 0 {
				return silent(code)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&fl.format, "format", "text", "one of "+strings.Join(report.Formats, ", "))
	f.BoolVar(&fl.json, "json", false, "the same as --format json")
	f.StringVar(&fl.out, "out", "", "write to this file instead of printing")
	f.BoolVar(&fl.full, "full", false, "do not redact")
	f.StringVar(&fl.target, "target", "", "the thing that does not work: HOST[:PORT] or URL")
	f.BoolVar(&fl.deep, "deep", false, "longer measurements, about 20s; this flag is the yes to upload at most 1 MB to a configured web address (never where the connection is metered)")
	f.BoolVar(&fl.noLoad, "no-load", false, "with --deep: without the upload")
	f.StringArrayVar(&fl.answers, "answer", nil, answersHelp)
	f.DurationVar(&fl.timeout, "timeout", 5*time.Second, "hard wall for the measurements")
	return cmd
}

func (fl *checkFlags) valid(args []string) error {
	if fl.json {
		fl.format = "json"
	}
	if !slices.Contains(report.Formats, fl.format) {
		return fmt.Errorf("--format %s: want one of %s", fl.format, strings.Join(report.Formats, ", "))
	}
	if fl.timeout <= 0 {
		return fmt.Errorf("--timeout %s: want a time above zero, like 5s", fl.timeout)
	}
	if fl.noLoad && !fl.deep && !slices.Contains(args, deepCheck) {
		return errors.New("--no-load: there is no upload without --deep")
	}
	for _, id := range args {
		if !slices.Contains(catalog.IDs(), id) {
			return fmt.Errorf("no check is called %q: there are %s", id, strings.Join(catalog.IDs(), ", "))
		}
	}
	return nil
}

// onTerminal: text that is only shown is real; everything made to be stored
// or sent is redacted.
func (fl *checkFlags) onTerminal() bool { return fl.format == "text" && fl.out == "" }

func (a *app) print(rep report.Report, fl checkFlags) error {
	if fl.out == "" {
		return report.Write(a.out, fl.format, rep, a.printer, a.colour())
	}
	var b bytes.Buffer
	if err := report.Write(&b, fl.format, rep, a.printer, false); err != nil {
		return err
	}
	return writeFile(fl.out, b.Bytes())
}

// writeFile replaces a file whole or not at all, readable by its owner only.
// A link is followed to the file it names; what is no file (a device, a pipe)
// is written to and never replaced.
func writeFile(path string, b []byte) error {
	if err := writeTo(path, b); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

func writeTo(path string, b []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errors.New("it is a folder")
	case err == nil && !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		_, err = f.Write(b)
		return errors.Join(err, f.Close())
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".deskside-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	err = errors.Join(err, tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
	}
	return err
}
