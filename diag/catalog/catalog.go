// Package catalog is the one ordered list of checks, and the two ways to use
// it: Run looks at a machine, Explain at facts somebody saved.
package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"deskside/diag"
	"deskside/diag/cause"
	"deskside/diag/config"
	"deskside/diag/deep"
	"deskside/diag/disk"
	"deskside/diag/dns"
	"deskside/diag/gateway"
	"deskside/diag/host"
	"deskside/diag/internet"
	"deskside/diag/lan"
	"deskside/diag/link"
	"deskside/diag/local"
	"deskside/diag/target"
	"deskside/diag/wifi"
	"deskside/diag/witness"
)

// All returns every check, in the order a person is led through them: what a
// later one needs, an earlier one looked at.
func All() []diag.Check {
	return []diag.Check{
		{ID: "connectivity", Waits: true, Local: inOrder(link.Local, lan.Local, local.Local, internet.Local), Probes: slices.Concat(link.Probes(), lan.Probes(), local.Probes(), internet.Probes(), deep.Suspicions()), Judge: joined(link.Judge, lan.Judge, local.Judge, internet.Judge)},
		{ID: "gateway", Waits: true, Local: gateway.Local, Probes: gateway.Probes(), Judge: gateway.Judge},
		{ID: "dns", Waits: true, Local: dns.Local, Probes: dns.Probes(), Judge: dns.Judge},
		{ID: "target", Waits: true, Local: target.Local, When: target.Given, Probes: target.Probes(), Judge: target.Judge},
		{ID: "path", Deep: true, Probes: deep.Probes(), Judge: deep.Judge},
		{ID: "wifi", Local: wifi.Local, Probes: wifi.Probes(), Judge: wifi.Judge},
		{ID: "disk", Local: disk.Local, Probes: disk.Probes(), Judge: disk.Judge},
	}
}

// Sections returns every section of the facts that this program knows.
func Sections() []diag.Sectioned {
	return []diag.Sectioned{
		diag.RunSection, link.Section, lan.Section, local.Section, gateway.Section, internet.Section, dns.Section, target.Section, deep.Section, wifi.Section, disk.Section, witness.Section,
	}
}

// IDs returns the names of all checks, in order.
func IDs() []string {
	var ids []string
	for _, c := range All() {
		ids = append(ids, c.ID)
	}
	return ids
}

// Options of one run.
type Options struct {
	Config  config.Config
	Focus   diag.Focus
	Wall    time.Duration // zero: five seconds
	Observe func(diag.Event)
}

// Run looks at a machine.
func Run(ctx context.Context, h host.Host, o Options) diag.Result {
	env := diag.NewEnv(h, o.Config)
	env.Focus = withNeeds(o.Focus)
	witness.Recall(env)
	r := diag.Runner{Checks: All(), Explain: cause.Explain, Wall: o.Wall, Observe: o.Observe}
	return r.Run(ctx, env)
}

// withNeeds adds what a check cannot do without: the second tier is a deep look
// and starts from what the first found out about the connection.
func withNeeds(f diag.Focus) diag.Focus {
	if slices.Contains(f.Only, "path") {
		f.Deep = true
		if !slices.Contains(f.Only, "connectivity") {
			f.Only = append([]string{"connectivity"}, f.Only...)
		}
	}
	return f
}

// Explain reaches the diagnosis from facts alone. It is pure.
func Explain(f diag.Facts) diag.Assessment { return diag.Assess(All(), cause.Explain, f) }

// DecodeFacts reads facts as JSON and gives every known section its type.
func DecodeFacts(b []byte) (diag.Facts, error) {
	var f diag.Facts
	if err := json.Unmarshal(b, &f); err != nil {
		return f, fmt.Errorf("facts: %w", err)
	}
	for _, s := range Sections() {
		if err := s.Decode(f); err != nil {
			return f, err
		}
	}
	return f, nil
}

func inOrder(locals ...func(context.Context, *diag.Env)) func(context.Context, *diag.Env) {
	return func(ctx context.Context, env *diag.Env) {
		for _, local := range locals {
			local(ctx, env)
		}
	}
}

func joined(judges ...func(diag.Facts) diag.Judgement) func(diag.Facts) diag.Judgement {
	return func(f diag.Facts) (j diag.Judgement) {
		for _, judge := range judges {
			part := judge(f)
			j.Findings = append(j.Findings, part.Findings...)
			j.Unseen = append(j.Unseen, part.Unseen...)
		}
		return j
	}
}
