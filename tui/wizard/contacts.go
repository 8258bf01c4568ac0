package wizard

import (
	"deskside/diag/config"
	"deskside/diag/text"
)

// contacts lists who is contacted once a symptom is chosen: the configured
// addresses, and the PC's own router and name servers, which are not known yet.
type contacts struct{}

func (contacts) show(w *Wizard) Page {
	probe := w.deps.Config.Probe
	p := Page{ID: "contacts", Title: text.M("ui.contacts.title"),
		Lead: []Para{para(Plain, "ui.contacts.lead")}, Choices: []Choice{standard(ChoiceBack, "b")}}
	for _, group := range groups(probe) {
		if len(group.addresses) == 0 {
			continue
		}
		p.Detail = append(p.Detail, para(Heading, "ui.contacts."+group.id))
		for _, a := range group.addresses {
			p.Detail = append(p.Detail, raw(Plain, a))
		}
	}
	p.Detail = append(p.Detail, para(Heading, "ui.contacts.own"))
	return p
}

func (contacts) choose(w *Wizard, id string) []Effect {
	w.at = opening{}
	return nil
}

type contactGroup struct {
	id        string
	addresses []string
}

func groups(p config.Probe) []contactGroup {
	var web []string
	for _, page := range p.Web {
		web = append(web, page.URL)
	}
	return []contactGroup{
		{"anchors", p.Anchors}, {"names", p.DNSControl}, {"lookups", p.Names},
		{"web", web}, {"https", p.HTTPS}, {"services", p.Services},
	}
}

// contacted is every configured address.
func contacted(p config.Probe) []string {
	var all []string
	for _, g := range groups(p) {
		if g.id != "lookups" { // names are asked about, not contacted
			all = append(all, g.addresses...)
		}
	}
	return all
}
