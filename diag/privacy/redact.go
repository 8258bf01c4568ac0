// Package privacy makes facts fit to leave the PC: every field is typed with
// a class ("privacy" struct tag), and each class has one way to be masked.
// What has no class is dropped and counted, so forgetting is safe.
//
// Pseudonyms are counters in first-seen order and live as long as one
// Redactor: the same value gets the same name everywhere, and nothing that
// leaves can be guessed back from a hash.
package privacy

import (
	"reflect"
	"sort"
	"strings"

	"deskside/diag"
)

// Redactor masks facts. Make one per report.
type Redactor struct {
	keep   map[string]bool
	names  map[string]string // class + "\x00" + real value → pseudonym
	seen   map[string]int    // class → how many pseudonyms so far
	Counts map[string]int    // class → how many fields were masked; "dropped" for those without class
}

// NewRedactor returns a redactor that leaves the given values as they are:
// the operator's own probe addresses and names, which are not about the PC.
func NewRedactor(keep []string) *Redactor {
	r := &Redactor{keep: map[string]bool{}, names: map[string]string{}, seen: map[string]int{}, Counts: map[string]int{}}
	for _, v := range keep {
		r.keep[strings.ToLower(v)] = true
	}
	return r
}

// Facts masks facts in place; they must be a copy of their own. Sections
// that this program does not know are dropped.
func (r *Redactor) Facts(f diag.Facts) {
	parts := map[string]any{}
	var names []string
	f.Each(func(name string, part any) {
		parts[name] = part
		names = append(names, name)
	})
	sort.Strings(names) // pseudonyms must not depend on map order
	for _, name := range names {
		v := reflect.ValueOf(parts[name])
		if v.Kind() != reflect.Pointer {
			f.Drop(name)
			r.Counts["dropped"]++
			continue
		}
		r.value(v.Elem(), "")
	}
}

// Contacts masks the list of who was contacted, in place.
func (r *Redactor) Contacts(rows []diag.Contact) {
	for i := range rows {
		r.value(reflect.ValueOf(&rows[i]).Elem(), "")
	}
}

// value masks one value of a class; class "" stands for "not said yet".
func (r *Redactor) value(v reflect.Value, class string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.IsExported() && field.Tag.Get("json") != "-" {
				r.value(v.Field(i), field.Tag.Get("privacy"))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			r.value(v.Elem(), class)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 && class != "none" {
			r.drop(v)
			return
		}
		for i := range v.Len() {
			r.value(v.Index(i), class)
		}
	case reflect.Map:
		r.mapping(v, class)
	case reflect.String:
		r.text(v, class)
	case reflect.Interface:
		r.drop(v) // no type, no class
	default:
		if class == "" {
			r.drop(v)
		}
	}
}

// mapping masks a map's values; its keys are names of ours ("none") or go.
func (r *Redactor) mapping(v reflect.Value, class string) {
	if class == "" {
		r.drop(v)
		return
	}
	for _, key := range v.MapKeys() {
		item := reflect.New(v.Type().Elem()).Elem()
		item.Set(v.MapIndex(key))
		r.value(item, class)
		v.SetMapIndex(key, item)
	}
}

func (r *Redactor) text(v reflect.Value, class string) {
	if v.String() == "" || class == "none" {
		return
	}
	if _, known := masks[class]; !known {
		r.drop(v)
		return
	}
	masked := r.Mask(class, v.String())
	if masked != v.String() {
		r.Counts[class]++
		v.SetString(masked)
	}
}

func (r *Redactor) drop(v reflect.Value) {
	if !v.IsZero() {
		r.Counts["dropped"]++
		v.SetZero()
	}
}
