package plain

import (
	"strconv"
	"strings"

	"deskside/tui/wizard"
)

// chosen finds the choice that an answer names: its number in the list, its
// key, or nothing for the default. A page without a default needs an answer.
func chosen(p wizard.Page, answer string) (wizard.Choice, bool) {
	if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(p.Choices) {
		return p.Choices[n-1], true
	}
	for _, c := range p.Choices {
		if answer == "" && c.Default || answer != "" && strings.EqualFold(c.Key, answer) {
			return c, true
		}
	}
	return wizard.Choice{}, false
}

// face says which page it is, so that news on the same page is not read aloud
// again and again: a screen reader reads every line that is printed.
func face(p wizard.Page) string {
	var b strings.Builder
	b.WriteString(p.ID + "\n" + p.Place + "\n" + p.Title.Key + "\n" + strconv.Itoa(p.Step))
	if p.Busy != nil {
		return b.String() + "\nbusy" // it prints again when it is ready
	}
	for _, para := range p.Lead {
		b.WriteString("\n" + para.Text.Key)
	}
	for _, c := range p.Choices {
		b.WriteString("\n" + c.ID)
	}
	return b.String()
}
