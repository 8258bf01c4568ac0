//go:build !linux

// Command bench measures deskside in the worlds of the lab, which need Linux.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "bench: the lab is made of Linux network namespaces")
	os.Exit(1)
}
