package fixes

import "deskside/diag"

// Compare says what a second look makes of a fix for a cause.
//
// Worse: a finding that was ok fails now. (A whole check that was ok may have
// been cut short; what it did not look at then is no loss now.) Cured: the cause is gone
// and nothing it accounted for became impossible to tell; other causes may
// remain, each with its own fix. Everything else is Same.
func Compare(before, after diag.Assessment, cause string) Better {
	was, is := look(before), look(after)
	for code, s := range was {
		if s == diag.OK && is[code] == diag.Fail {
			return Worse
		}
	}
	if _, still := causeOf(after, cause); still {
		return Same
	}
	c, named := causeOf(before, cause)
	if !named {
		return Same
	}
	for _, code := range c.Explains {
		if was[code] == diag.Fail && is[code] == diag.Unknown && len(after.Diagnosis.Causes) == 0 {
			return Same // gone only because nobody could look
		}
	}
	return Cured
}

// look is the worst status of every finding by its code. One that is missing
// reads as Unknown.
func look(a diag.Assessment) map[string]diag.Status {
	out := map[string]diag.Status{}
	for _, c := range a.Checks {
		for _, f := range c.Findings {
			if s, seen := out[f.Code]; seen {
				out[f.Code] = s.Worse(f.Status)
			} else {
				out[f.Code] = f.Status
			}
		}
	}
	return out
}

func causeOf(a diag.Assessment, id string) (diag.Cause, bool) {
	for _, c := range a.Diagnosis.Causes {
		if c.ID == id {
			return c, true
		}
	}
	return diag.Cause{}, false
}
