//go:build !linux

// Command world needs Linux network namespaces.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "world: needs Linux network namespaces")
	os.Exit(3)
}
