package main

import (
	"errors"
	"fmt"
	"slices"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/target"
	"deskside/diag/text"
)

// targetCheck is the check that needs something to be named.
const targetCheck = "target"

// aim makes a run's focus of the named checks and of what does not work. Who
// names checks and a target wants both.
func (a *app) aim(checks []string, named string, given bool) (diag.Focus, error) {
	if given {
		if _, err := target.Parse(named); err != nil {
			return diag.Focus{}, fmt.Errorf("--target: %w", inWords(err, a.printer))
		}
		if len(checks) > 0 && !slices.Contains(checks, targetCheck) {
			checks = append(slices.Clone(checks), targetCheck)
		}
	}
	if slices.Contains(checks, targetCheck) && !given && len(a.cfg.Probe.Services) == 0 {
		return diag.Focus{}, errors.New("the check target needs --target, or services in the configuration")
	}
	return diag.Focus{Only: checks, Target: named}, nil
}

// goodServices refuses a configuration whose services cannot be tried.
func goodServices(cfg config.Config, p *text.Printer) error {
	if err := target.Check(cfg.Probe.Services); err != nil {
		return fmt.Errorf("configuration: probe.services: %w", inWords(err, p))
	}
	return nil
}

// inWords says why something is no target. What was typed is not repeated: it
// may hold a password.
func inWords(err error, p *text.Printer) error {
	var r target.Refusal
	if errors.As(err, &r) {
		return errors.New(p.T(r.Message()))
	}
	return err
}
