package report

import (
	"slices"
	"testing"

	"deskside/diag/config"
)

// The operator's own services are no secret of the PC.
func TestServicesAreTheOperators(t *testing.T) {
	keep := operators(config.Probe{Services: []string{"shop.example:8443", "https://www.shop.example/x", "192.0.2.7:22"}})
	for _, want := range []string{"shop.example", "www.shop.example", "192.0.2.7"} {
		if !slices.Contains(keep, want) {
			t.Errorf("%s would be masked: %q", want, keep)
		}
	}
}
