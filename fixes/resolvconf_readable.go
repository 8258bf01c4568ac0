package fixes

import (
	"context"

	"deskside/diag/dns"
	"deskside/diag/host"
	"deskside/diag/text"
	"deskside/fixes/step"
)

// resolvconfReadable lets every program read whom to ask for names. A script
// with a strict umask leaves the file to the superuser alone, and then names
// resolve for him and for nobody else.
var resolvconfReadable = Fix{
	ID:    "resolvconf-readable",
	For:   []string{"dns.resolvconf_unreadable"},
	Check: "dns", Undo: R0, Cuts: S0, Root: true,
	Plan: func(_ context.Context, h host.Host, c Case) ([]Step, error) {
		if dns.Section.Of(c.Facts).Conf.Closed == dns.ClosedAll {
			return nil, refuse("conf_directory").by("mv " + resolvConf + " " + resolvConf + ".folder")
		}
		content, before, err := ownResolvConf(h, c, func(string) []string { return []string{"chmod a+r " + resolvConf} })
		if err != nil {
			return nil, err
		}
		after := before.WithBytes(content)
		if after.Mode |= 0o444; before.Type != step.Regular || after.Mode == before.Mode {
			return nil, refuse("not_needed")
		}
		s := step.FileStep(c.path(resolvConf), before, after)
		s.Say = text.M("step.readable", "Path", resolvConf)
		return []Step{s}, nil
	},
}
