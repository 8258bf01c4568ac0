package wizard

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

	"deskside/diag/text"
)

// sentence is what looks like words for a person: two words, or one that
// begins with a capital.
var sentence = regexp.MustCompile(`\p{L}{2,}[,.:;!?]? +\p{L}{2,}|^\s*\p{Lu}\p{Ll}{2,}|[[][ A-Z]{4}]`)

// command lines are typed, not translated.
var command = regexp.MustCompile(`^deskside [a-z]+ ?$`)

// Every sentence a person reads is in the catalogue: no source file of a
// front end has one of its own.
func TestNoSentencesInTheSource(t *testing.T) {
	eachLiteral(t, func(file *token.FileSet, lit *ast.BasicLit, s string) {
		if sentence.MatchString(s) && !command.MatchString(s) {
			t.Errorf("%s: %q belongs into the catalogue", file.Position(lit.Pos()), s)
		}
	})
}

var catalogueKey = regexp.MustCompile(`^(ui|screen)(\.[a-z0-9_]+)+$`)

// Every key that the source spells out is in the catalogue.
func TestEveryKeyInTheSourceIsInTheCatalogue(t *testing.T) {
	p, n := text.New("en"), 0
	eachLiteral(t, func(file *token.FileSet, lit *ast.BasicLit, s string) {
		if !catalogueKey.MatchString(s) {
			return
		}
		n++
		if !p.Has(s) {
			t.Errorf("%s: the catalogue cannot say %s", file.Position(lit.Pos()), s)
		}
	})
	if n < 50 {
		t.Errorf("found only %d keys: the test looks in the wrong place", n)
	}
}

// eachLiteral visits the string literals of every front end's source, but for
// imports, struct tags, the names of values ("Count" in text.M(key, "Count",
// n)), and what only a programmer reads: errors and panics.
func eachLiteral(t *testing.T, visit func(*token.FileSet, *ast.BasicLit, string)) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if d != nil && d.IsDir() && (d.Name() == "fake" || d.Name() == "ttytest") {
			return fs.SkipDir // only tests import these
		}
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.Field:
				n.Tag = nil
			case *ast.CallExpr:
				if saysByKey(n.Fun) {
					for _, arg := range n.Args {
						if lit, ok := arg.(*ast.BasicLit); ok && valueName.MatchString(lit.Value) {
							lit.Value = `""`
						}
					}
				}
				return !forProgrammers(n.Fun)
			case *ast.BasicLit:
				if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
					visit(set, n, s)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var valueName = regexp.MustCompile(`^"[A-Z][A-Za-z]*"$`)

// saysByKey: text.M and the helpers that take what it takes.
func saysByKey(f ast.Expr) bool {
	name := ""
	switch f := f.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	return name == "M" || name == "S" || name == "s" || name == "para"
}

func forProgrammers(f ast.Expr) bool {
	switch f := f.(type) {
	case *ast.Ident:
		return f.Name == "panic"
	case *ast.SelectorExpr:
		pkg, ok := f.X.(*ast.Ident)
		return ok && (pkg.Name == "errors" || pkg.Name == "fmt" && f.Sel.Name == "Errorf")
	}
	return false
}
