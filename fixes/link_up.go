package fixes

import (
	"context"

	"deskside/diag/host"
	"deskside/diag/link"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// linkUp switches on the link that somebody switched off. Taking it back
// switches it off again; addresses and routes that came with it go with it,
// so the label is R1.
var linkUp = Fix{
	ID:    "link-up",
	For:   []string{"link.admin_down"},
	Check: "connectivity", Undo: R1, Cuts: S0, Root: true,
	Plan: planLinkUp,
}

func planLinkUp(_ context.Context, _ host.Host, c Case) ([]Step, error) {
	name := downLink(c)
	if name == "" {
		return nil, refuse("not_needed")
	}
	before, err := step.ObserveLink(name)
	if err != nil {
		return nil, err
	}
	if !before.Present || before.Up {
		return nil, refuse("link_changed", "Link", name)
	}
	after := before
	after.Up = true
	s := step.LinkStep(name, before, after)
	s.Say = text.M("step.link_up", "Link", name)
	return []Step{s}, nil
}

// downLink is the link the cause names, else the only one that is down.
func downLink(c Case) string {
	if name, ok := c.Cause.Args["Link"].(string); ok && name != "" {
		return name
	}
	name := ""
	for _, l := range link.Section.Of(c.Facts).Links {
		if l.Plain && !l.Up {
			if name != "" {
				return ""
			}
			name = l.Name
		}
	}
	return name
}
