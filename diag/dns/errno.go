package dns

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
)

// errNoAnswer is a stream that carries something else than our answer.
var errNoAnswer = errors.New("not an answer to this question")

// outcomeOf classifies what went wrong with a socket (causes.md 1.0: the
// errno is evidence), and names the error.
func outcomeOf(err error) (outcome, name string) {
	for _, known := range errnos {
		if errors.Is(err, known.errno) {
			return known.outcome, known.name
		}
	}
	var timeout net.Error
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded),
		errors.As(err, &timeout) && timeout.Timeout():
		return Silent, ""
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Malformed, "EOF"
	case errors.Is(err, errNoAnswer):
		return Malformed, ""
	}
	return Failed, ""
}
