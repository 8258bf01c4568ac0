package wifi

import (
	"context"
	"errors"
	"os"
	"time"

	"deskside/diag"
)

// surveyPause lies between the two looks of a deep run (wifi.md 2: two dumps
// at least 2 s apart).
const surveyPause = 2 * time.Second

// Local finds the adapters and their switches in sysfs.
func Local(_ context.Context, env *diag.Env) {
	facts := Facts{AtMS: env.SinceMS(), Looked: diag.Yes, ListAgeMS: -1, Load: Load{Tier: NoTier}}
	facts.Adapters = adapters(env.Host)
	facts.Driverless = driverless(env.Host)
	Section.Update(env.Facts, func(f *Facts) { *f = facts })
}

// Probes are this family's measurements. Asking the adapter sends nothing, but
// some drivers ask their firmware and take their time.
func Probes() []diag.Probe {
	return []diag.Probe{{
		ID: "wifi.air", Offline: true, Budget: 4 * time.Second,
		When: func(f diag.Facts) bool { return len(Section.Of(f).Adapters) > 0 },
		Run:  func(ctx context.Context, env *diag.Env) error { return air(ctx, env, dialKernel) },
	}}
}

// air asks nl80211 for the link, the cached list of networks and the survey.
func air(ctx context.Context, env *diag.Env, open dial) error {
	r, done, err := newReader(ctx, open)
	if err != nil {
		Section.Update(env.Facts, func(f *Facts) { f.Air = outcomeOf(err) })
		return err
	}
	defer done()
	at := env.SinceMS()
	found, err := look(ctx, r, env.Focus.Deep)
	if ctx.Err() != nil && errors.Is(err, os.ErrDeadlineExceeded) {
		err = ctx.Err()
	}
	Section.Update(env.Facts, func(f *Facts) { f.merge(found, at, outcomeOf(err)) })
	return err
}

// seen is what one look through nl80211 brought.
type seen struct {
	ifaces  []iface
	phys    map[int]*phy
	country string
	link    *Link
	list    []BSS
	survey  []Survey
}

// look reads all; the first error ends it, and what came before counts.
func look(ctx context.Context, r *reader, deep bool) (s seen, err error) {
	if s.ifaces, err = r.interfaces(); err != nil {
		return s, err
	}
	if s.phys, err = r.phys(); err != nil {
		return s, err
	}
	s.country = r.country()
	for _, i := range s.ifaces {
		if modes[i.kind] != "station" || s.link != nil {
			continue
		}
		list, err := r.scan(i.index)
		if err != nil {
			return s, err
		}
		link, err := r.link(i, list)
		if err != nil {
			return s, err
		}
		if link != nil || s.list == nil {
			s.link, s.list = link, toBSS(list)
		}
		if link != nil {
			s.survey = surveyed(ctx, r, i.index, deep)
		}
	}
	return s, nil
}

// surveyed reads the survey, which many drivers do not have: that is no error.
// A deep run looks twice, so that the numbers are of now and not since boot.
func surveyed(ctx context.Context, r *reader, index int, deep bool) []Survey {
	rows, err := r.survey(index)
	if err != nil || !deep || len(rows) == 0 {
		return rows
	}
	pause := time.NewTimer(surveyPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-ctx.Done():
		return rows
	}
	later, err := r.survey(index)
	if err != nil {
		return rows
	}
	for i, s := range later {
		for _, before := range rows {
			if before.Freq == s.Freq {
				later[i] = s.since(before)
			}
		}
	}
	return later
}

func (f *Facts) merge(s seen, at float64, how Outcome) {
	f.AtMS, f.Air, f.Source, f.Country = at, how, "nl80211", s.country
	f.Link, f.BSS, f.Survey, f.ListAgeMS = s.link, s.list, s.survey, listAge(s.list)
	for i := range f.Adapters {
		a := &f.Adapters[i]
		for _, known := range s.ifaces {
			if known.name != a.Iface {
				continue
			}
			a.Mode = modes[known.kind]
			if p := s.phys[known.phy]; p != nil {
				a.Newest = p.newest
				a.Bands = nil
				for _, band := range []int{2, 5, 6} {
					if p.bands[band] {
						a.Bands = append(a.Bands, band)
					}
				}
			}
		}
	}
	f.Load = airtime(*f)
}
