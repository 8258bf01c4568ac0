package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"deskside/diag/lab"
)

// report is what is read of deskside's report.
type report struct {
	Status    string  `json:"status"`
	VerdictMS float64 `json:"verdict_ms"`
	Diagnosis []struct {
		Cause string `json:"cause"`
	} `json:"diagnosis"`
	Checks []struct {
		Unseen []struct {
			Unlock string `json:"unlock"`
		} `json:"unseen"`
	} `json:"checks"`
}

func (r report) names() (out []string) {
	for _, d := range r.Diagnosis {
		out = append(out, d.Cause)
	}
	return out
}

func (r report) causes() string { return strings.Join(r.names(), " ") }

// unlocks: the report says what would show more.
func (r report) unlocks() bool {
	for _, c := range r.Checks {
		for _, u := range c.Unseen {
			if u.Unlock != "" {
				return true
			}
		}
	}
	return false
}

// measure is what one command cost.
type measure struct {
	report
	raw     []byte // the whole report
	wall    time.Duration
	cpu     time.Duration
	traffic traffic
}

// check runs deskside on the PC of a world.
func check(l *lab.Lab, program, user string) (m measure, err error) {
	argv := []string{program, "check", "--json", "--full"}
	if l.World.Deep {
		argv = append(argv, "--deep")
	}
	if l.World.Target != "" {
		argv = append(argv, "--target", l.World.Target)
	}
	out, m, err := run(l, user, argv...)
	if err != nil {
		return m, err
	}
	m.raw = out
	if err := json.Unmarshal(out, &m.report); err != nil {
		return m, fmt.Errorf("%s: no report: %w", l.World.Name, err)
	}
	return m, nil
}

// run runs a command on the PC and counts what passes its cable meanwhile. How
// the command ends is its own matter.
func run(l *lab.Lab, user string, argv ...string) (out []byte, m measure, err error) {
	wire := tap(l)
	defer func() { m.traffic = wire.stop() }()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := l.Command(ctx, lab.Options{User: user}, argv...)
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	begin := time.Now()
	err = cmd.Run()
	m.wall = time.Since(begin)
	if cmd.ProcessState == nil {
		return nil, m, fmt.Errorf("%v: %w", argv, err)
	}
	if _, ended := err.(*exec.ExitError); ended {
		err = nil
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return stdout.Bytes(), m, err
}

// within brings a world up, and down again after f.
func within(w lab.World, f func(*lab.Lab) error) (err error) {
	l, err := lab.Up(w)
	if err != nil {
		return fmt.Errorf("%s: %w", w.Name, err)
	}
	defer func() {
		if closed := l.Close(); err == nil {
			err = closed
		}
	}()
	return f(l)
}
