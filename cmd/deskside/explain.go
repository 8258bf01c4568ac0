package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"deskside/diag/catalog"
	"deskside/diag/report"
	"deskside/diag/witness"
)

// maxReport is the largest report file that is read, in bytes.
const maxReport = 64 << 20

// explainCmd reaches the diagnosis again from a saved report's facts.
func (a *app) explainCmd() *cobra.Command {
	var fl checkFlags
	cmd := &cobra.Command{
		Use: "explain REPORT.json", Short: "Reach the diagnosis again from a saved report; looks at nothing else",
		Args: one("a report file, as deskside check --json writes it (- reads standard input)"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := fl.valid(nil); err != nil {
				return err
			}
			told, err := answers(fl.answers)
			if err != nil {
				return err
			}
			b, err := unless(cmd.Context(), func() ([]byte, error) { return a.readAll(args[0]) })
			if err != nil {
				return err
			}
			rep, assessment, err := report.Read(b)
			if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) && wrong.Field == "" {
				err = errors.New("not a report of deskside: the JSON in it has another form")
			}
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			if len(told) > 0 {
				rep.Facts = witness.With(rep.Facts, told)
				assessment = catalog.Explain(rep.Facts)
			}
			rep = report.Explained(rep, assessment, a.printer)
			if err := a.print(rep, fl); err != nil {
				return err
			}
			if code := report.ExitCode(rep.Status); code != 0 {
				return silent(code)
			}
			return nil
		},
	}
	fl.timeout = 1
	cmd.Flags().StringVar(&fl.format, "format", "text", "text, json, markdown, html, nagios or prometheus")
	cmd.Flags().BoolVar(&fl.json, "json", false, "the same as --format json")
	cmd.Flags().StringVar(&fl.out, "out", "", "write to this file instead of printing")
	cmd.Flags().StringArrayVar(&fl.answers, "answer", nil, answersHelp)
	return cmd
}

// readAll reads a file, or standard input for "-".
func (a *app) readAll(path string) ([]byte, error) {
	in := a.in
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, maxReport+1))
	if err == nil && len(b) > maxReport {
		err = fmt.Errorf("%s: larger than 64 MiB, this is not a report", path)
	}
	return b, err
}
