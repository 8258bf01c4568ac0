package wizard

import "deskside/diag/text"

// symptom is what the person says is wrong. It decides which check is read
// first; every check runs whatever the symptom is, because people name the
// symptom they see, not the cause.
type symptom struct {
	id    string
	first []string // checks in the order they are read; the others follow
}

// symptoms in the order of the opening page.
var symptoms = []symptom{
	{"internet", []string{"connectivity", "gateway", "dns", "wifi", "disk"}},
	{"sites", []string{"dns", "connectivity", "gateway", "wifi", "disk"}},
	{"slow", []string{deepCheck, "wifi", "gateway", "connectivity", "dns", "disk"}},
	{"wifi", []string{"wifi", "gateway", "connectivity", "dns", "disk"}},
	{"disk", []string{"disk", "connectivity", "gateway", "dns", "wifi"}},
	{"everything", nil},
	{targetSymptom, []string{"target", "dns", "connectivity", "gateway", "wifi", "disk"}},
}

func symptomOf(id string) (symptom, bool) {
	for _, s := range symptoms {
		if s.id == id {
			return s, true
		}
	}
	return symptom{}, false
}

func (s symptom) message(part string) text.Message { return text.M("ui.symptom." + s.id + "." + part) }

// order puts the symptom's checks first and keeps the others as they are.
func (s symptom) order(all []string) []string {
	var out []string
	for _, id := range s.first {
		if contains(all, id) {
			out = append(out, id)
		}
	}
	for _, id := range all {
		if !contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
