package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"deskside/diag/catalog"
	"deskside/diag/text"
)

// key is a string in the source that can only be a catalogue key.
var key = regexp.MustCompile(`^(evidence|cause|finding|check|unseen|fix|ui|screen|cmd|report|contact)\.[a-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// TestEveryKeyInTheSourceHasWords reads all of the program's source.
func TestEveryKeyInTheSourceHasWords(t *testing.T) {
	p := text.New("en")
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/lab/") || strings.Contains(path, "/fake/") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			s, err := strconv.Unquote(lit.Value)
			if err != nil || !key.MatchString(s) {
				return true
			}
			found++
			if strings.HasSuffix(s, "_") { // a family of keys: evidence.disk.lost_<sign>
				return true
			}
			if p.Has(s+".silent") && p.Has(s+".answered") { // by what became of a question
				return true
			}
			if !p.Has(s) {
				t.Errorf("%s: %q has no words", path, s)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found < 100 {
		t.Errorf("only %d keys found: does the pattern still fit?", found)
	}
}

// TestEveryCheckHasWords: what the report says of each check.
func TestEveryCheckHasWords(t *testing.T) {
	p := text.New("en")
	for _, id := range catalog.IDs() {
		for _, part := range []string{"title", "ok", "unknown", "skipped"} {
			if !p.Has("check." + id + "." + part) {
				t.Errorf("check.%s.%s has no words", id, part)
			}
		}
	}
}
