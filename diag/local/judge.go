package local

import (
	"deskside/diag"
	"deskside/diag/internet"
)

// Judge adds no finding of its own: what runs out shows in what stops
// working, and is named as its cause. Where connections could not be opened
// at all, it says which programs could not be counted; a PC that works owes
// nobody that remark.
func Judge(f diag.Facts) (j diag.Judgement) {
	if n := Section.Of(f).Files.Unseen; n > 0 && diag.RunSection.Of(f).Euid != 0 && exhausted(internet.Section.Of(f)) {
		j.Miss("local.files", "Count", n)
	}
	return j
}

func exhausted(f internet.Facts) bool {
	for _, c := range f.Anchors {
		if c.Outcome == internet.Exhausted {
			return true
		}
	}
	return false
}
