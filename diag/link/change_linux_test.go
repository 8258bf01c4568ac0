package link

import (
	"context"
	"testing"
	"time"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host"
	"deskside/diag/host/fake"
	"testing/fstest"
)

// moving is a machine whose counters are those of the n-th reading.
type moving struct {
	fake.Host
	readings []fstest.MapFS
	read     int
}

func (m *moving) ReadFile(path string) ([]byte, error) {
	files := m.readings[min(m.read/perReading, len(m.readings)-1)]
	m.read++
	return files.ReadFile(path[1:])
}

// perReading is how many files one reading of one link's counters opens.
const perReading = 7

func counted1(crc, received, flaps string) fstest.MapFS {
	dir := "sys/class/net/eth0/"
	return fstest.MapFS{
		dir + "statistics/rx_crc_errors": {Data: []byte(crc + "\n")},
		dir + "statistics/rx_packets":    {Data: []byte(received + "\n")},
		dir + "carrier_changes":          {Data: []byte(flaps + "\n")},
	}
}

func TestWatchChange(t *testing.T) {
	for name, c := range map[string]struct {
		readings []fstest.MapFS
		want     Change
		long     bool
	}{
		"still":   {[]fstest.MapFS{counted1("7", "100", "2"), counted1("7", "150", "2")}, Change{Index: 2, Received: 50}, false},
		"errors":  {[]fstest.MapFS{counted1("7", "100", "2"), counted1("9", "150", "2"), counted1("17", "200", "2")}, Change{Index: 2, Errors: 10, Received: 100}, true},
		"carrier": {[]fstest.MapFS{counted1("7", "100", "2"), counted1("7", "100", "4"), counted1("7", "100", "6")}, Change{Index: 2, Flaps: 4}, true},
		"reset":   {[]fstest.MapFS{counted1("7", "100", "2"), counted1("0", "5", "0")}, Change{Index: 2}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var machine host.Host = &moving{readings: c.readings}
			env := diag.NewEnv(machine, config.Default())
			Section.Update(env.Facts, func(f *Facts) { f.Links = []Link{{Index: 2, Name: "eth0", Plain: true, Up: true, Carrier: true}} })
			if err := watchChange(context.Background(), env); err != nil {
				t.Fatal(err)
			}
			env.Facts.Look(func(f diag.Facts) {
				got := Section.Of(f).Change[0]
				if long := got.WindowMS >= diag.MS(watch); long != c.long || got.WindowMS < diag.MS(glance) {
					t.Errorf("watched for %v ms", got.WindowMS)
				}
				got.WindowMS = 0
				if got != c.want {
					t.Errorf("%+v, want %+v", got, c.want)
				}
			})
		})
	}
}

// A watch that is cut says nothing.
func TestWatchCut(t *testing.T) {
	env := diag.NewEnv(&moving{readings: []fstest.MapFS{counted1("7", "100", "2")}}, config.Default())
	Section.Update(env.Facts, func(f *Facts) { f.Links = []Link{{Index: 2, Name: "eth0", Plain: true, Up: true, Carrier: true}} })
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := watchChange(ctx, env); err == nil {
		t.Error("no error of a watch that was cut")
	}
	env.Facts.Look(func(f diag.Facts) {
		if len(Section.Of(f).Change) > 0 {
			t.Error("a change without a second reading")
		}
	})
}
