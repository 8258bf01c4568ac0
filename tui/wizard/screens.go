package wizard

import "deskside/diag/text"

// overlay is a screen that lies on another and goes back to it.
type overlay interface {
	under() screen
	onto(screen) screen
}

// each changes the screens that match, whether they are on top or lie under
// help or a question; the person stays where they are.
func (w *Wizard) each(change func(screen) screen, match func(screen) bool) {
	w.at = replaced(w.at, change, match)
}

func replaced(s screen, change func(screen) screen, match func(screen) bool) screen {
	if match(s) {
		return change(s)
	}
	if o, ok := s.(overlay); ok {
		return o.onto(replaced(o.under(), change, match))
	}
	return s
}

// base is the screen under all overlays.
func base(s screen) screen {
	for {
		o, ok := s.(overlay)
		if !ok {
			return s
		}
		s = o.under()
	}
}

// choice is an action whose label is "ui.choice.<id>".
func choice(id, key string) Choice {
	return Choice{ID: id, Key: key, Label: text.M("ui.choice." + id)}
}

// standard is choice, as the default of its page.
func standard(id, key string) Choice {
	c := choice(id, key)
	c.Default = true
	return c
}

// deliberate is choice, for what changes the machine or decides about it.
func deliberate(id, key string) Choice {
	c := choice(id, key)
	c.Consent = true
	return c
}

func para(role Role, key string, pairs ...any) Para {
	return Para{Role: role, Text: text.M(key, pairs...)}
}

func say(role Role, m text.Message) Para { return Para{Role: role, Text: m} }

func raw(role Role, line string) Para { return Para{Role: role, Raw: line} }
