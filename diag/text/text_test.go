package text

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// TestNoKeyTwice: of two files that define one key, the later would win in
// silence.
func TestNoKeyTwice(t *testing.T) {
	where := map[string]string{}
	for _, name := range localeFiles() {
		b, err := fs.ReadFile(locales, name)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := toml.Unmarshal(b, &tree); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		lang := name[strings.Index(name, ".")+1:]
		leaves(tree, lang, func(key string) {
			if other, dup := where[key]; dup {
				t.Errorf("%s is in %s and in %s", key, other, name)
			}
			where[key] = name
		})
	}
	if len(where) < 100 {
		t.Errorf("only %d keys found", len(where))
	}
}

func leaves(v any, path string, visit func(string)) {
	table, ok := v.(map[string]any)
	if !ok {
		visit(path)
		return
	}
	for key, item := range table {
		leaves(item, path+"/"+key, visit)
	}
}

func TestPlural(t *testing.T) {
	p := New("en")
	for count, want := range map[any]string{1: "1 minute", 2: "2 minutes", 1.0: "1 minute", int64(5): "5 minutes"} {
		if got := p.S("cause.clock.minutes", "Count", count); got != want {
			t.Errorf("%v: %q, want %q", count, got, want)
		}
	}
}

func TestMissingKeyIsSeen(t *testing.T) {
	p := New("en")
	if got := p.S("no.such.key"); got != "[no.such.key]" || p.Has("no.such.key") {
		t.Errorf("%q", got)
	}
	if got := p.T(Message{}); got != "" {
		t.Errorf("nothing to say became %q", got)
	}
}

// TestValuesAreMadeSafe: whatever is put into a sentence, also inside lists
// and inner messages.
func TestValuesAreMadeSafe(t *testing.T) {
	hostile := "\x1b]0;pwn\a\x9b31m\u202e"
	p := New("en")
	for _, v := range []any{hostile, []string{"a", hostile}, []any{hostile}, M("cause.dns.server_silent.title", "Server", hostile)} {
		got := p.S("cause.dns.server_silent.title", "Server", v)
		if strings.ContainsFunc(got, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
			t.Errorf("%T: %q", v, got)
		}
	}
	long := make([]string, 1000)
	for i := range long {
		long[i] = "192.0.2.1"
	}
	if got := p.S("cause.dns.server_silent.title", "Server", long); len(got) > 200 {
		t.Errorf("a list of 1000 became %d bytes", len(got))
	}
}

func TestSafe(t *testing.T) {
	for in, want := range map[string]string{
		"plain":             "plain",
		"Bäckerei Gäste":    "Bäckerei Gäste",
		"Кафе «Мир»":        "Кафе «Мир»",
		"日本語":               "日本語",
		"a\nb":              `a\x0ab`,
		"\x1b[31m":          `\x1b[31m`,
		"\xff\xfe":          `\xff\xfe`,
		"\u009b31m":         `\u009b31m`,
		"a\u202eb":          `a\u202eb`,
		"zero\u200bwidth":   `zero\u200bwidth`,
		"nbsp\u00a0x":       `nbsp\u00a0x`,
		"tag\U000e0041":     `tag\ue0041`,
		"z\u0361\u0362algo": `z\u0361\u0362algo`,
		"\x7f":              `\x7f`,
	} {
		if got := Safe(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := Safe(strings.Repeat("ж", 1000)); utf8.RuneCountInString(got) != maxSafe+1 {
		t.Errorf("%d runes", utf8.RuneCountInString(got))
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		in   string
		room int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 7, []string{"one two", "three"}},
		{"  spaces   fold ", 20, []string{"spaces fold"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"Имя не найдено", 6, []string{"Имя не", "найден", "о"}},
		{"日本語", 4, []string{"日本", "語"}},
		{"x", 0, []string{"x"}},
	} {
		if got := Wrap(tt.in, tt.room); !slices.Equal(got, tt.want) {
			t.Errorf("%q in %d: %q, want %q", tt.in, tt.room, got, tt.want)
		}
	}
}

func FuzzSafe(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[2J", "\xc3\x28", "\u202e", "ö", "\U0001f600", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Safe(s)
		if !utf8.ValidString(got) {
			t.Errorf("%q: not UTF-8: %q", s, got)
		}
		for _, r := range got {
			if r < 0x20 || r == 0x7f || hidden(r) {
				t.Errorf("%q: %q still holds %U", s, got, r)
			}
		}
		if Safe(got) != got && utf8.RuneCountInString(got) <= maxSafe {
			t.Errorf("%q: safe twice differs: %q, %q", s, got, Safe(got))
		}
	})
}
