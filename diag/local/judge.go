package local

import "deskside/diag"

// Judge adds no finding of its own: what runs out shows in what stops
// working, and is named as its cause. It says what could not be counted.
func Judge(f diag.Facts) (j diag.Judgement) {
	if n := Section.Of(f).Files.Unseen; n > 0 {
		j.Miss("local.files", "Count", n)
	}
	return j
}
