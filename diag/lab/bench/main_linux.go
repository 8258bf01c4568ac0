// Command bench measures deskside in the worlds of the lab. Root, Linux.
//
//	bench [--runs 10] [--program FILE] numbers [WORLD…]   time, packets, CPU; twice in a row
//	bench [--runs 3]  [--program FILE] tools [WORLD…]     the same beside ping, dig, mtr and curl
//	bench [--program FILE] matrix [WORLD…]                expected × named × rights, over all worlds;
//	                                                      ends with 1 when one answer is wrong
//
// Nothing leaves the namespaces. Without --program it builds one.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/spf13/pflag"

	"deskside/diag/lab"
)

func main() {
	runs := pflag.Int("runs", 10, "how often each world is diagnosed")
	program := pflag.String("program", "", "the deskside to measure")
	pflag.Parse()
	if err := bench(*runs, *program, pflag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(runs int, program string, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what: numbers, tools or matrix")
	}
	if program == "" {
		dir, err := os.MkdirTemp("", "deskside-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil { // programs without rights run it too
			return err
		}
		program = filepath.Join(dir, "deskside")
		if out, err := exec.Command("go", "build", "-o", program, "deskside/cmd/deskside").CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w\n%s", err, out)
		}
	}
	switch args[0] {
	case "numbers":
		return numbers(runs, program, args[1:])
	case "tools":
		return tools(runs, program, args[1:])
	case "matrix":
		return matrix(program, args[1:])
	}
	return fmt.Errorf("%q is not one of numbers, tools, matrix", args[0])
}

// named returns the worlds with these names, or those of a default list; all
// of them when that is empty too.
func named(names, otherwise []string) (out []lab.World, err error) {
	if len(names) == 0 {
		names = otherwise
	}
	if len(names) == 0 {
		return lab.Worlds(), nil
	}
	for _, name := range names {
		w, ok := lab.Find(name)
		if !ok {
			return nil, fmt.Errorf("no world %q", name)
		}
		out = append(out, w)
	}
	return out, nil
}
