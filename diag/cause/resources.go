package cause

import (
	"deskside/diag"
	"deskside/diag/disk"
	"deskside/diag/internet"
	"deskside/diag/local"
	"deskside/diag/text"
)

// resourceRules: this PC has run out of something that connections need.
var resourceRules = []Rule{
	{
		ID: "res.ports_exhausted", Severity: diag.Fail, Final: true,
		Gate:     []Clue{connectsEndIn("EADDRNOTAVAIL")},
		For:      []Weighed{{proof, always}},
		Explains: beyondWAN, Over: []string{"fw.*", "wan.*", "gw.no_forward", "gw.no_nat", "proxy.dead", "svc.*"},
		Args: func(s *scene) text.Args { return text.Args{"Ports": s.local.Ports.Size(), "Used": s.local.Ports.Used} },
		Evidence: func(s *scene) []diag.Evidence {
			a := s.exhausted("EADDRNOTAVAIL")
			return []diag.Evidence{
				s.seen(a.AtMS, "tcp connect", "evidence.res.no_port", "Address", a.Address, "Errno", a.Errno),
				s.seen(s.local.AtMS, "ip_local_port_range, sockstat", "evidence.res.ports", "Ports", s.local.Ports.Size(), "Used", s.local.Ports.Used),
			}
		},
	},
	{
		ID: "res.fd_exhausted", Severity: diag.Fail,
		Level: func(s *scene) diag.Status {
			if filesGone(s) == diag.Yes || connectsEndIn("EMFILE", "ENFILE")(s) == diag.Yes {
				return diag.Fail
			}
			return diag.Warn
		},
		Gate:     []Clue{either(filesGone, programCrowded, connectsEndIn("EMFILE", "ENFILE"))},
		For:      []Weighed{{proof, always}},
		Explains: beyondWAN, Over: []string{"fw.*", "wan.*"},
		Args: func(s *scene) text.Args { return text.Args{"What": s.crowdedWhat()} },
		Evidence: func(s *scene) []diag.Evidence {
			var out []diag.Evidence
			for _, p := range s.local.Files.Crowded {
				out = append(out, s.seen(s.local.AtMS, "/proc/PID/fd", "evidence.res.files", "Name", p.Name, "PID", p.PID, "Open", p.Open, "Limit", p.Limit))
			}
			if f := s.local.Files; len(out) == 0 {
				out = append(out, s.seen(s.local.AtMS, "/proc/sys/fs/file-nr", "evidence.res.all_files", "Open", f.Open, "Max", f.Max))
			}
			return out
		},
	},
	{
		ID: "res.neigh_overflow", Severity: diag.Fail,
		Level: func(s *scene) diag.Status {
			if networkWorks(s) == diag.Yes {
				return diag.Warn
			}
			return diag.Fail
		},
		Gate:     []Clue{neighboursOverflow},
		For:      []Weighed{{proof, always}},
		Explains: beyondGateway, Over: []string{"gw.arp_failed", "wan.*", "fw.local_egress"},
		Args: neighbourArgs,
		Evidence: func(s *scene) []diag.Evidence {
			n := s.local.Neighbours
			return []diag.Evidence{s.seen(s.local.AtMS, "neighbour table, gc_thresh3", "evidence.res.neighbours", "Count", n.Count, "Max", n.Max)}
		},
	},
	{
		ID: "res.disk_full_etc", Severity: diag.Fail,
		Gate:     []Clue{noRoomForSettings},
		For:      []Weighed{{proof, always}},
		Explains: []string{"disk.space", "disk.inodes"},
		Also: func(s *scene) []string {
			var out []string
			for id, list := range map[string][]disk.Trouble{"disk.full": disk.Full(disk.Section.Of(s.facts)), "disk.inodes_full": disk.InodesFull(disk.Section.Of(s.facts))} {
				if len(list) > 0 && list[0].Total == s.fullRoom().Total {
					out = append(out, id) // the very same filesystem
				}
			}
			return out
		},
		Args: func(s *scene) text.Args { return text.Args{"Dir": s.fullRoom().Dir} },
		Evidence: func(s *scene) []diag.Evidence {
			return []diag.Evidence{s.seen(s.local.AtMS, "statfs", "evidence.res.no_room", "Dir", s.fullRoom().Dir)}
		},
	},
}

// exhausted is a connect that this PC itself could not make, by its error.
// An IPv6 one may only lack an address to come from.
func (s *scene) exhausted(errnos ...string) internet.Connect {
	rows := s.net.Anchors
	for _, w := range s.net.Web {
		rows = append(rows[:len(rows):len(rows)], internet.Connect{Address: w.Address, Family: 4, Outcome: w.Outcome, Errno: w.Errno, AtMS: w.AtMS})
	}
	for _, a := range rows {
		for _, errno := range errnos {
			if a.Family == 4 && a.Outcome == internet.Exhausted && a.Errno == errno {
				return a
			}
		}
	}
	return internet.Connect{}
}

func connectsEndIn(errnos ...string) Clue {
	return func(s *scene) diag.Tri { return diag.TriOf(s.exhausted(errnos...).Errno != "") }
}

// filesGone: the whole system is within 2 % of its limit.
func filesGone(s *scene) diag.Tri {
	f := s.local.Files
	return diag.TriOf(f.Max > 0 && float64(f.Open) >= 0.98*float64(f.Max))
}

func programCrowded(s *scene) diag.Tri { return diag.TriOf(len(s.local.Files.Crowded) > 0) }

// crowdedWhat names the program, or the whole PC.
func (s *scene) crowdedWhat() text.Message {
	if filesGone(s) == diag.Yes || len(s.local.Files.Crowded) == 0 {
		return text.M("cause.res.what.all")
	}
	p := s.local.Files.Crowded[0]
	return text.M("cause.res.what.program", "Name", p.Name, "PID", p.PID)
}

// neighboursOverflow: from gc_thresh3 on the kernel refuses new neighbours
// (arp(7)).
func neighboursOverflow(s *scene) diag.Tri {
	n := s.local.Neighbours
	return diag.TriOf(n.Max > 0 && n.Count >= n.Max)
}

func neighbourArgs(s *scene) text.Args {
	return text.Args{"Count": s.local.Neighbours.Count, "Max": s.local.Neighbours.Max}
}

// fullRoom is where settings cannot be written any more. What is part of / is
// the disk check's to name.
func (s *scene) fullRoom() local.Room {
	for _, r := range s.local.Rooms {
		if r.Full && !r.OnRoot {
			return r
		}
	}
	return local.Room{}
}

func noRoomForSettings(s *scene) diag.Tri { return diag.TriOf(s.fullRoom().Dir != "") }
