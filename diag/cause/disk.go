package cause

import (
	"deskside/diag"
	"deskside/diag/disk"
	"deskside/diag/text"
)

// diskRules have nothing to do with the network and stand beside whatever is
// wrong with it.
var diskRules = []Rule{
	diskRule("disk.read_only", "disk.readonly", disk.ReadOnly),
	diskRule("disk.full", "disk.space", disk.Full),
	diskRule("disk.inodes_full", "disk.inodes", disk.InodesFull),
}

// diskRule names the worst filesystem of a kind of trouble; how bad it is
// comes from the filesystem, the words and the evidence from the disk check.
func diskRule(id, code string, troubled func(disk.Facts) []disk.Trouble) Rule {
	worst := func(s *scene) (t disk.Trouble) {
		if list := troubled(disk.Section.Of(s.facts)); len(list) > 0 {
			t = list[0]
		}
		return t
	}
	return Rule{
		ID: id, Severity: diag.Fail,
		Level:    func(s *scene) diag.Status { return worst(s).Severity },
		Gate:     []Clue{func(s *scene) diag.Tri { return diag.TriOf(worst(s).Mount != "") }},
		For:      []Weighed{{proof, always}},
		Explains: []string{code},
		Args:     func(s *scene) text.Args { return s.findings[code].Args },
		Evidence: func(s *scene) []diag.Evidence { return s.findings[code].Evidence },
	}
}
