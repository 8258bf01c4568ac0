package wifi

import (
	"context"
	"errors"
	"io/fs"
	"sort"
	"time"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// reader asks nl80211. Everything it asks is open to any user; nothing here
// starts a scan or changes a setting.
//
// mdlayher/wifi is not used: it keeps three of the elements and throws the
// rest away, loses a whole network over one truncated element, and lets escape
// sequences in names through (v0.10.0, wifi.md 5).
type reader struct {
	conn   *genetlink.Conn
	family genetlink.Family
}

// dial opens the generic netlink socket; tests put a recorded one in its place.
type dial func() (*genetlink.Conn, error)

func dialKernel() (*genetlink.Conn, error) { return genetlink.Dial(nil) }

// newReader connects; ctx bounds every later answer.
func newReader(ctx context.Context, open dial) (*reader, func(), error) {
	conn, err := open()
	if err != nil {
		return nil, nil, err
	}
	// A deadline in the past wakes a blocked read when ctx ends.
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	done := func() {
		stop()
		_ = conn.Close()
	}
	family, err := conn.GetFamily(unix.NL80211_GENL_NAME)
	if err != nil {
		done()
		return nil, nil, err
	}
	return &reader{conn, family}, done, nil
}

// outcomeOf sorts errors into what a person can do about them.
func outcomeOf(err error) Outcome {
	switch {
	case err == nil:
		return Asked
	case errors.Is(err, fs.ErrPermission):
		return Denied
	case errors.Is(err, fs.ErrNotExist):
		return Missing
	}
	return Interrupt
}

// ask sends one command with attributes and returns the answers' attributes.
func (r *reader) ask(command uint8, flags netlink.HeaderFlags, attributes ...netlink.Attribute) ([][]byte, error) {
	data, err := netlink.MarshalAttributes(attributes)
	if err != nil {
		return nil, err
	}
	req := genetlink.Message{Header: genetlink.Header{Command: command, Version: r.family.Version}, Data: data}
	answers, err := r.conn.Execute(req, r.family.ID, netlink.Request|flags)
	if err != nil {
		return nil, err
	}
	out := make([][]byte, 0, len(answers))
	for _, a := range answers {
		out = append(out, a.Data)
	}
	return out, nil
}

func (r *reader) dump(command uint8, attributes ...netlink.Attribute) ([][]byte, error) {
	return r.ask(command, netlink.Dump, attributes...)
}

func onIface(index int) netlink.Attribute {
	b := make([]byte, 4)
	nativeUint32(b, uint32(index))
	return netlink.Attribute{Type: unix.NL80211_ATTR_IFINDEX, Data: b}
}

func (r *reader) interfaces() ([]iface, error) {
	answers, err := r.dump(unix.NL80211_CMD_GET_INTERFACE)
	var out []iface
	for _, b := range answers {
		if i := decodeInterface(b); i.name != "" {
			out = append(out, i)
		}
	}
	return out, err
}

// phys reads what the radios can do. Since Linux 3.10 that comes in parts.
func (r *reader) phys() (map[int]*phy, error) {
	answers, err := r.dump(unix.NL80211_CMD_GET_WIPHY, netlink.Attribute{Type: unix.NL80211_ATTR_SPLIT_WIPHY_DUMP})
	out := map[int]*phy{}
	for _, b := range answers {
		part := decodePhy(b)
		whole := out[part.index]
		if whole == nil {
			out[part.index] = &part
			continue
		}
		whole.newest = max(whole.newest, part.newest)
		for band := range part.bands {
			whole.bands[band] = true
		}
	}
	return out, err
}

func (r *reader) scan(index int) ([]heard, error) {
	answers, err := r.dump(unix.NL80211_CMD_GET_SCAN, onIface(index))
	var out []heard
	for _, b := range answers {
		if h, ok := decodeBSS(b); ok {
			out = append(out, h)
		}
	}
	return out, err
}

func (r *reader) survey(index int) ([]Survey, error) {
	answers, err := r.dump(unix.NL80211_CMD_GET_SURVEY, onIface(index))
	var out []Survey
	for _, b := range answers {
		if s, ok := decodeSurvey(b); ok {
			out = append(out, s)
		}
	}
	return out, err
}

// link is the association of an interface; nil when there is none. A station
// has one peer: its access point.
func (r *reader) link(i iface, list []heard) (*Link, error) {
	answers, err := r.dump(unix.NL80211_CMD_GET_STATION, onIface(i.index))
	if err != nil {
		return nil, err
	}
	var own *BSS
	for _, h := range list {
		if h.associated {
			b := h.bss()
			own = &b
		}
	}
	if len(answers) == 0 && own == nil {
		return nil, nil
	}
	l := &Link{Iface: i.name, Freq: i.freq, Width: i.width, RadioSource: "nl80211"}
	for _, b := range answers {
		decodeStation(b, l)
	}
	l.SSID, _ = ShowSSID(i.ssid)
	if own != nil {
		l.BSSID, l.Freq = own.BSSID, own.Freq
		if l.SSID == "" {
			l.SSID = own.SSID
		}
		if l.Signal == 0 {
			l.Signal = own.Signal
		}
	}
	l.Channel = ChannelOf(l.Freq)
	return l, nil
}

// country is the regulatory domain in force; empty when not told.
func (r *reader) country() string {
	answers, err := r.ask(unix.NL80211_CMD_GET_REG, 0)
	if err != nil {
		return ""
	}
	for _, b := range answers {
		for kind, v := range attrs(b) {
			if kind == unix.NL80211_ATTR_REG_ALPHA2 && len(v) >= 2 {
				name, _ := ShowSSID(v[:2])
				return name
			}
		}
	}
	return ""
}

// toBSS puts a scan list into facts, strongest first.
func toBSS(list []heard) []BSS {
	var out []BSS
	for _, h := range list {
		out = append(out, h.bss())
	}
	sort.SliceStable(out, func(i, j int) bool {
		a, b := out[i], out[j]
		if a.Own != b.Own {
			return a.Own
		}
		return a.Signal != 0 && (b.Signal == 0 || a.Signal > b.Signal)
	})
	numberRadios(out)
	return out
}

// listAge is how long ago the newest foreign network was heard, ms; -1: never.
func listAge(list []BSS) float64 {
	age := -1.0
	for _, b := range list {
		if !b.Own && (age < 0 || b.AgeMS < age) {
			age = b.AgeMS
		}
	}
	return age
}
