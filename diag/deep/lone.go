package deep

import (
	"deskside/diag"
	"deskside/diag/text"
)

// Lone is one packet that must not be cut up on the way, outside of any
// connection: the second witness of a size that vanishes. TCP's own repeating,
// a server that dislikes many connections, a queue: none of them touches it.
type Lone struct {
	Means   string `json:"means" privacy:"none"` // Echo, Port, Question
	Address string `json:"address" privacy:"ip"`
	Size    int    `json:"size" privacy:"none"`    // IP packet, bytes
	Outcome string `json:"outcome" privacy:"none"` // Answered, Vanished, Told
}

// Means of a lone packet, none of which needs rights everywhere.
const (
	Echo     = "echo"     // ICMP echo to the place that stalled: large both ways
	Port     = "port"     // UDP to a port there where nothing listens: large on the way out
	Question = "question" // a padded question (RFC 7830) to a control resolver: large on the way out
)

// Outcomes of a lone packet.
const (
	Answered = "answered"
	Vanished = "vanished"
	Told     = "told" // somebody on the way said that it is too big: then nothing vanishes
)

// fate counts the lone packets of one kind.
type fate struct {
	address                      string
	size                         int // of the large ones
	small, large, vanished, told int // small and large ones answered, large ones vanished or refused by name
}

// Alone says whether large packets vanish outside of connections too, while
// small ones of the same kind are answered: Maybe where nobody answers any.
// Who was asked at the very place that stalled is believed first.
func (m MTU) Alone() diag.Tri {
	for _, means := range []string{Echo, Port, Question} {
		switch n := m.fate(means); {
		case n.told > 0 || n.large > 0 && means != Question:
			return diag.No
		case n.large > 0: // another place, and perhaps another way
		case n.small > 1 && n.vanished >= witnesses:
			return diag.Yes
		}
	}
	return diag.Maybe
}

func (m MTU) fate(means string) (n fate) {
	limit, _, _ := bounds(m.Trials)
	for _, l := range m.Lone {
		if l.Means != means {
			continue
		}
		n.address, n.size = l.Address, max(n.size, l.Size)
		switch {
		case l.Outcome == Told:
			n.told++
		case l.Size <= limit && l.Outcome == Answered:
			n.small++
		case l.Size <= limit:
		case l.Outcome == Answered:
			n.large++
		default:
			n.vanished++
		}
	}
	return n
}

// lonely is the evidence of the second witness, one line for each kind that
// was answered at all.
func (m MTU) lonely() (out []diag.Evidence) {
	for _, means := range []string{Echo, Port, Question} {
		if n := m.fate(means); n.small > 0 {
			what := text.M("evidence.path.lone", "Kind", text.M("path.means."+means), "Address", n.address, "Small", n.small, "Size", n.size, "Large", n.large, "Sent", n.large+n.vanished)
			out = append(out, diag.Evidence{What: what, Source: "icmp, udp: IP_PMTUDISC_PROBE", AtMS: m.AtMS})
		}
	}
	return out
}
