package tui

import (
	"testing"

	"github.com/muesli/termenv"
)

func BenchmarkView(b *testing.B) {
	s := play(b, size{80, 24}, termenv.ANSI, "cause", pages()...)
	for b.Loop() {
		s.View()
	}
}
