package plain

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// maxLine is the longest line that can be an answer; the rest of a longer one
// is thrown away.
const maxLine = 2048

// line is one answer.
type line struct {
	text  string
	early bool // it lay in the buffer before the question was put
	end   bool // there will be no more
}

// input reads one line for each question, no sooner. One reader for the whole
// conversation: two would each keep a part of what was typed.
type input struct {
	lines chan line
	wants chan struct{}
}

func listen(in io.Reader) *input {
	i := &input{lines: make(chan line), wants: make(chan struct{}, 1)}
	go i.read(bufio.NewReaderSize(in, maxLine))
	return i
}

// next asks for one line, which arrives in lines.
func (i *input) next() {
	select {
	case i.wants <- struct{}{}:
	default: // one is asked for already
	}
}

func (i *input) read(r *bufio.Reader) {
	for range i.wants {
		early := r.Buffered() > 0
		text, err := one(r)
		// A line without its end was never sent: the person is gone.
		i.lines <- line{text: strings.TrimSpace(text), early: early, end: err != nil}
		if err != nil {
			return
		}
	}
}

// one reads a line. Of a line that does not fit nothing is kept, so that it
// is no valid answer.
func one(r *bufio.Reader) (string, error) {
	b, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return string(b), err
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.ReadSlice('\n')
	}
	return strings.Repeat("?", 2), err
}
