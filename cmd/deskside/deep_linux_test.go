package main

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

// TestTheMegabyte holds the promise of the longer look against the wire, on a
// slow line with a short queue that makes TCP send a good part twice.
func TestTheMegabyte(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy-queue")
	sent := func(args ...string) int {
		w := p.tap()
		p.run(append([]string{"check", "path"}, args...)...).want(t, 0)
		return w.toWeb()
	}
	without := sent("--no-load")
	with := sent()
	t.Logf("to web servers: %d bytes, %d with the transfer", without, with)
	const least, most, megabyte = 1, 60_000, 1_000_000 // sizes are tried there, too
	if without < least || without > most {
		t.Errorf("--no-load: %d bytes", without)
	}
	if load := with - without; load < megabyte/4 || load > megabyte {
		t.Errorf("the transfer took %d bytes", load)
	}
	p.unchanged("after longer looks")
}

// toWeb is how much was sent to web servers, as it goes over a wire: a packet
// that the network card would cut into segments counts with all their headers.
func (w *wire) toWeb() (total int) {
	w.p.t.Helper()
	const ethernet, segment = 14, 1448
	w.each(func(frame []byte) {
		if binary.BigEndian.Uint16(frame[12:]) != unix.ETH_P_IP || frame[ethernet+9] != unix.IPPROTO_TCP {
			return
		}
		ip := frame[ethernet:]
		tcp := ip[int(ip[0]&0x0f)*4:]
		if binary.BigEndian.Uint16(tcp[2:]) != 80 {
			return
		}
		data := len(tcp) - int(tcp[12]>>4)*4
		total += len(frame) + max(0, (data-1)/segment)*(len(frame)-data)
	})
	return total
}

// TestLookLonger: a person who says that the PC is slow is offered a longer
// look, sees what it will send, stops one and waits for another.
func TestLookLonger(t *testing.T) {
	t.Parallel()
	p := open(t, "healthy-deep")
	s := p.wizard()
	s.Await(firstPage)
	s.Type("3")
	s.Await(en.S("ui.choice.deepen"), allWell)
	s.press("d", en.S("ui.deepen.title"), en.S("ui.choice.deepen_whole"))
	s.shows("at most 1 MB of empty data") // before anything else that is sent
	s.press("w", en.S("ui.deepening.title"), en.S("part.path.hops"))
	s.press("x", en.S("check.path.title"))
	s.shows(en.S("ui.deepening.cut"))
	s.press("b", allWell) // the first answer stands
	s.press("d", en.S("ui.choice.deepen_whole"))
	s.press("y", en.S("ui.deepening.part_begun", "Part", en.S("part.path.load")))
	s.Await(en.S("check.path.ok"))
	s.shows(en.S("ui.means.path.ok"))
	s.press("s", en.S("ui.summary.title"))
	s.press("q")
	if code := s.Ends(); code != 0 {
		t.Errorf("exit %d", code)
	}
	p.unchanged("after longer looks")
	p.nothingKept()
}
