// Package disk looks at every real filesystem's bytes and inodes, which one is
// in trouble, and what fills it.
package disk

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "disk"}

// Facts are to be filled by gather.
type Facts struct {
	AtMS float64 `json:"at_ms" privacy:"none"`
}
