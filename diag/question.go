package diag

import "deskside/diag/text"

// Question is something that no probe of this PC can see and a person can:
// its words are question.<id>.ask, to be read to the caller, and
// question.<id>.where, which says where to look. It is answered by yes, no or
// "cannot tell".
type Question struct {
	ID string `json:"id"`
	// Splits are the causes of this diagnosis between which the answer
	// decides, the one it stands under first. Where that is the only one, the
	// answer decides what to do about it.
	Splits []string `json:"splits"`
}

// Message returns one of its texts: "ask" or "where".
func (q Question) Message(part string) text.Message { return text.M("question." + q.ID + "." + part) }

// ByAnswer is the source of evidence that is a person's word.
const ByAnswer = "answer"

// Answer is a person's word on a question.
type Answer struct {
	Question string  `json:"question" privacy:"none"`
	Said     Tri     `json:"said" privacy:"none"`  // Maybe: the person cannot tell
	AtMS     float64 `json:"at_ms" privacy:"none"` // milliseconds since the look began; 0 when it was said before
}
