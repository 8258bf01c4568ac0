// Package wifi looks at the radio: adapter, association, signal, channel, and
// the networks that share the air.
package wifi

import "deskside/diag"

// Section is this package's part of the facts.
var Section = diag.Section[Facts]{Name: "wifi"}

// Facts are to be filled by gather.
type Facts struct {
	AtMS float64 `json:"at_ms" privacy:"none"`
}
