package fixes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"deskside/diag/text"
)

// Every fix, label, state and refusal can be said.
func TestEverythingCanBeSaid(t *testing.T) {
	p := text.New("en")
	keys := map[string]bool{"fix.error.busy": true, "fix.error.drift": true, "fix.error.pending": true, "fix.error.failed": true, "fix.error.stuck": true}
	for _, f := range Catalog() {
		keys["fix."+f.ID+".title"], keys["fix."+f.ID+".does"] = true, true
	}
	for _, r := range []Reversibility{R0, R1, R2, R3, R4} {
		keys["fix.undo."+string(r)] = true
	}
	for _, s := range []SessionRisk{S0, S1, S2} {
		keys["fix.session."+string(s)] = true
	}
	for _, s := range []State{Planned, Armed, Applied, Confirmed, RolledBack, Undone, Refused, Stuck} {
		keys["fix.state."+string(s)] = true
	}
	for _, b := range []Better{Cured, Same, Worse} {
		keys["fix.better."+string(b)] = true
	}
	for _, key := range keysInSource(t) {
		keys[key] = true
	}
	for key := range keys {
		if !p.Has(key) {
			t.Errorf("nothing to say for %s", key)
		}
	}
}

// keysInSource finds the arguments of refuse(…) and of text.M("step.…").
// A key that is put together stands for all its endings.
func keysInSource(t *testing.T) (out []string) {
	t.Helper()
	endings := map[string][]string{
		"step.set_servers.":   {"configured", "passed", "upstream", "control", untried},
		"step.default_route.": {"lease", "config", "nameserver", "neighbour"},
	}
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			arg := call.Args[0]
			if sum, ok := arg.(*ast.BinaryExpr); ok {
				arg = sum.X
			}
			lit, ok := arg.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			key, err := strconv.Unquote(lit.Value)
			if err != nil {
				t.Fatal(err)
			}
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "refuse" {
				out = append(out, "refuse."+key)
			}
			if strings.HasPrefix(key, "step.") {
				if all, composed := endings[key]; composed {
					for _, e := range all {
						out = append(out, key+e)
					}
				} else {
					out = append(out, key)
				}
			}
			return true
		})
	}
	if len(out) < 20 {
		t.Fatalf("found only %v", out)
	}
	return out
}
