package watch

import (
	"testing"

	"golang.org/x/sys/unix"
)

// FuzzStateIn: whatever comes, no panic, and nothing from what is no link.
func FuzzStateIn(f *testing.F) {
	f.Add(uint16(unix.RTM_NEWLINK), []byte{0, 0, 1, 0, 2, 0, 0, 0, 0x43, 0x10, 1, 0, 0, 0, 0, 0, 8, 0, 35, 0, 7, 0, 0, 0})
	f.Add(uint16(unix.RTM_NEWROUTE), make([]byte, 40))
	f.Fuzz(func(t *testing.T, kind uint16, b []byte) {
		index, s := stateIn(kind, b)
		if (kind != unix.RTM_NEWLINK && kind != unix.RTM_DELLINK || len(b) < unix.SizeofIfInfomsg) && (index != 0 || s != linkState{}) {
			t.Errorf("%d %+v", index, s)
		}
	})
}

func TestStateIn(t *testing.T) {
	up := []byte{0, 0, 1, 0, 2, 0, 0, 0, 0x43, 0, 1, 0, 0, 0, 0, 0, 8, 0, 35, 0, 7, 0, 0, 0} // index 2, IFF_UP|LOWER_UP, 7 changes
	if index, s := stateIn(unix.RTM_NEWLINK, up); index != 2 || s != (linkState{changes: 7}) {
		t.Errorf("%d %+v", index, s)
	}
	if _, s := stateIn(unix.RTM_DELLINK, up); !s.down {
		t.Error("a link that is gone is up")
	}
	down := append([]byte{}, up...)
	down[10] = 0 // without IFF_LOWER_UP
	if _, s := stateIn(unix.RTM_NEWLINK, down); !s.down {
		t.Error("a link without carrier is up")
	}
}
