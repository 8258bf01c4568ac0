package main

import (
	"os"
	"path/filepath"
	"strings"
)

// self is how a command of this program is typed here: by the name that it was
// started by where that is a path from the current folder (a copy that lies in
// no folder of PATH), and with the state directory that it was given. A command
// that looks into another journal would find nothing there.
func (a *app) self(what string) string {
	return called(os.Args[0]) + " " + what + a.where()
}

func called(name string) string {
	if strings.HasPrefix(name, "./") || strings.HasPrefix(name, "../") {
		return typed(name)
	}
	return "deskside"
}

func (a *app) where() string {
	if a.stateDir == "" || a.stateDir == defaultStateDir(a.host) || a.stateDir == os.Getenv("DESKSIDE_STATE_DIR") {
		return ""
	}
	return " --state-dir " + typed(a.stateDir)
}

// typed quotes a path for a POSIX shell where it needs it.
func typed(path string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+", r)
	}
	if strings.IndexFunc(path, func(r rune) bool { return !plain(r) }) < 0 {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

// others are the files with what an undo found in its way and kept.
func (a *app) others(tx string) []string {
	found, _ := filepath.Glob(filepath.Join(a.stateDir, "archive", tx, "conflict", "*"))
	var out []string
	for _, path := range found {
		if !strings.Contains(filepath.Base(path), ".state.json.") { // beside the bytes: their owner and mode
			out = append(out, path)
		}
	}
	return out
}
