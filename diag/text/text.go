// Package text is the one message catalogue: every sentence a person reads is
// a key with values until the last moment, and becomes words only here.
//
// Judges and rules carry a [Message]; front ends own a [Printer]. A value put
// into a sentence always passes [Safe], so nothing that came from the host or
// the air can reach a terminal raw.
package text

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

//go:embed locales/*.toml
var locales embed.FS

// Args are the values of a message. Strings, numbers, and lists of strings
// survive JSON; the key "Count" (a whole number) selects the plural form.
type Args map[string]any

// Message is a sentence not yet put into words: a catalogue key and values.
type Message struct {
	Key  string `json:"key"`
	Args Args   `json:"args,omitempty"`
}

// M builds a message from a key and alternating names and values.
// It panics on an odd count: that is a mistake in the source, found by tests.
func M(key string, pairs ...any) Message {
	if len(pairs)%2 != 0 {
		panic("text.M: odd number of arguments for " + key)
	}
	m := Message{Key: key}
	for i := 0; i < len(pairs); i += 2 {
		if m.Args == nil {
			m.Args = Args{}
		}
		m.Args[pairs[i].(string)] = pairs[i+1]
	}
	return m
}

// IsZero reports whether there is nothing to say.
func (m Message) IsZero() bool { return m.Key == "" }

// Printer turns messages into one language. It is safe for concurrent use.
type Printer struct {
	Lang string
	loc  *i18n.Localizer
}

// New returns a printer for lang ("en"), falling back to English for what
// that language lacks. An unknown lang is English.
func New(lang string) *Printer {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	for _, name := range localeFiles() {
		if _, err := bundle.LoadMessageFileFS(locales, name); err != nil {
			panic(fmt.Sprintf("text: %s: %v", name, err)) // embedded at build time; a test loads it
		}
	}
	return &Printer{Lang: lang, loc: i18n.NewLocalizer(bundle, lang, "en")}
}

func localeFiles() []string {
	names, err := fs.Glob(locales, "locales/*.toml")
	if err != nil {
		panic(err)
	}
	sort.Strings(names)
	return names
}

// T puts a message into words. A key the catalogue lacks comes back in
// brackets, so that it is seen and a test can find it.
func (p *Printer) T(m Message) string {
	s, ok := p.lookup(m)
	if !ok {
		return "[" + m.Key + "]"
	}
	return s
}

// Has reports whether the catalogue can say key.
func (p *Printer) Has(key string) bool {
	_, ok := p.lookup(Message{Key: key})
	return ok
}

// S is T for a key with alternating names and values.
func (p *Printer) S(key string, pairs ...any) string { return p.T(M(key, pairs...)) }

func (p *Printer) lookup(m Message) (string, bool) {
	if m.Key == "" {
		return "", true
	}
	data := make(map[string]any, len(m.Args))
	var count any
	for name, value := range m.Args {
		data[name] = p.safeValue(value)
		if name == "Count" {
			count = wholeNumber(value)
		}
	}
	cfg := &i18n.LocalizeConfig{MessageID: m.Key, TemplateData: data}
	if count != nil {
		cfg.PluralCount = count
	}
	s, err := p.loc.Localize(cfg)
	if err != nil && s == "" {
		return "", false
	}
	return s, true
}

// wholeNumber undoes what a trip through JSON does to an integer.
func wholeNumber(v any) any {
	if f, ok := v.(float64); ok && f == float64(int64(f)) {
		return int64(f)
	}
	return v
}

func (p *Printer) safeValue(v any) any {
	switch v := v.(type) {
	case string:
		return Safe(v)
	case []string:
		return p.list(v)
	case []any:
		items := make([]string, 0, len(v))
		for _, item := range v {
			items = append(items, fmt.Sprint(item))
		}
		return p.list(items)
	case Message:
		return p.T(v)
	case fmt.Stringer:
		return Safe(v.String())
	}
	return wholeNumber(v)
}

// list joins at most eight items; the rest is a count, so that one hostile
// list cannot fill a page.
func (p *Printer) list(items []string) string {
	const most = 8
	out := ""
	for i, item := range items {
		if i == most {
			return out + fmt.Sprintf(" … (+%d)", len(items)-most)
		}
		if i > 0 {
			out += ", "
		}
		out += Safe(item)
	}
	return out
}
