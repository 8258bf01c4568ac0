package internet

import "strings"

// ParseKeyFile reads the sections of a settings file with [section] and
// key=value lines, as KDE and NetworkManager write them (Desktop Entry
// Specification, "Basic format of the file"). KDE's marks behind a key, [$e]
// for one that is expanded, belong to no name. It is pure and never fails.
func ParseKeyFile(b []byte) map[string]map[string]string {
	out := map[string]map[string]string{}
	section := map[string]string{}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutPrefix(line, "["); ok && strings.HasSuffix(name, "]") {
			name = strings.TrimSuffix(name, "]")
			if out[name] == nil {
				out[name] = map[string]string{}
			}
			section = out[name]
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || key == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		key, _, _ = strings.Cut(strings.TrimSpace(key), "[")
		section[key] = strings.TrimSpace(value)
	}
	return out
}
