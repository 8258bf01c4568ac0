package wifi

import (
	"context"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/mdlayher/genetlink"
	"github.com/mdlayher/genetlink/genltest"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"

	"deskside/diag"
	"deskside/diag/config"
	"deskside/diag/host/fake"
)

// attr encodes one netlink attribute; nested ones are made of others.
func attr(kind uint16, body []byte) []byte {
	b := make([]byte, 4, 4+len(body)+3)
	binary.NativeEndian.PutUint16(b, uint16(4+len(body)))
	binary.NativeEndian.PutUint16(b[2:], kind)
	b = append(b, body...)
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}

func u16(n uint16) []byte { return binary.NativeEndian.AppendUint16(nil, n) }
func u32(n int32) []byte  { return binary.NativeEndian.AppendUint32(nil, uint32(n)) }
func u64(n uint64) []byte { return binary.NativeEndian.AppendUint64(nil, n) }

var (
	ownMAC   = []byte{2, 0, 0, 0, 0, 1}
	otherMAC = []byte{2, 0, 0, 0, 7, 1}
)

// kernel answers like nl80211 on a laptop that joined "Kitchen" on channel 11,
// with a hostile hidden-and-loud neighbour.
func kernel(command uint8) [][]byte {
	switch command {
	case unix.NL80211_CMD_GET_INTERFACE:
		return [][]byte{
			join(attr(unix.NL80211_ATTR_IFINDEX, u32(7)), attr(unix.NL80211_ATTR_IFNAME, []byte("mon0\x00")), attr(unix.NL80211_ATTR_IFTYPE, u32(unix.NL80211_IFTYPE_MONITOR))),
			join(attr(unix.NL80211_ATTR_IFINDEX, u32(3)), attr(unix.NL80211_ATTR_IFNAME, []byte("wlan0\x00")), attr(unix.NL80211_ATTR_WIPHY, u32(0)),
				attr(unix.NL80211_ATTR_IFTYPE, u32(unix.NL80211_IFTYPE_STATION)), attr(unix.NL80211_ATTR_SSID, []byte("Kitchen")),
				attr(unix.NL80211_ATTR_WIPHY_FREQ, u32(2462)), attr(unix.NL80211_ATTR_CHANNEL_WIDTH, u32(unix.NL80211_CHAN_WIDTH_40))),
		}
	case unix.NL80211_CMD_GET_WIPHY: // in two parts, as since Linux 3.10
		freq := func(mhz int32, more ...byte) []byte {
			return attr(0, join(attr(unix.NL80211_FREQUENCY_ATTR_FREQ, u32(mhz)), more))
		}
		band := func(inside ...[]byte) []byte { return attr(unix.NL80211_ATTR_WIPHY_BANDS, attr(0, join(inside...))) }
		return [][]byte{
			join(attr(unix.NL80211_ATTR_WIPHY, u32(0)), band(attr(unix.NL80211_BAND_ATTR_FREQS, freq(2412)), attr(unix.NL80211_BAND_ATTR_HT_CAPA, u16(0)))),
			join(attr(unix.NL80211_ATTR_WIPHY, u32(0)), band(attr(unix.NL80211_BAND_ATTR_FREQS, join(freq(5180), freq(5955, attr(unix.NL80211_FREQUENCY_ATTR_DISABLED, nil)...))), attr(unix.NL80211_BAND_ATTR_VHT_CAPA, u32(0)))),
		}
	case unix.NL80211_CMD_GET_REG:
		return [][]byte{attr(unix.NL80211_ATTR_REG_ALPHA2, []byte("DE\x00"))}
	case unix.NL80211_CMD_GET_STATION:
		return [][]byte{join(attr(unix.NL80211_ATTR_MAC, ownMAC), attr(unix.NL80211_ATTR_STA_INFO, join(
			attr(unix.NL80211_STA_INFO_SIGNAL, []byte{0xb0}), attr(unix.NL80211_STA_INFO_SIGNAL_AVG, []byte{0xc6}),
			attr(unix.NL80211_STA_INFO_TX_BITRATE, join(attr(unix.NL80211_RATE_INFO_BITRATE, u16(8667)), attr(unix.NL80211_RATE_INFO_BITRATE32, u32(8667)), attr(unix.NL80211_RATE_INFO_VHT_MCS, []byte{9}))),
			attr(unix.NL80211_STA_INFO_TX_RETRIES, u32(12)), attr(unix.NL80211_STA_INFO_CONNECTED_TIME, u32(60)))))}
	case unix.NL80211_CMD_GET_SCAN:
		bss := func(mac []byte, mbm int32, age int32, more ...[]byte) []byte {
			return attr(unix.NL80211_ATTR_BSS, join(attr(unix.NL80211_BSS_BSSID, mac), attr(unix.NL80211_BSS_FREQUENCY, u32(2462)),
				attr(unix.NL80211_BSS_CAPABILITY, u16(0x0411)), attr(unix.NL80211_BSS_SIGNAL_MBM, u32(mbm)), attr(unix.NL80211_BSS_SEEN_MS_AGO, u32(age)), join(more...)))
		}
		own := join(el(idSSID, []byte("Kitchen")...), htCap(true), htOper(11, 0x07), el(idRSN, suites(ieeeOUI, 4, []byte{4}, []byte{2})...))
		return [][]byte{
			bss(otherMAC, -7000, 3200,
				attr(unix.NL80211_BSS_INFORMATION_ELEMENTS, join(el(idSSID, []byte("\x1b[2Jevil")...), []byte{idRSN, 99})),
				attr(unix.NL80211_BSS_BEACON_IES, join(el(idSSID), el(idLoad, 14, 0, 180, 0, 0)))),
			bss(ownMAC, -5800, 100, attr(unix.NL80211_BSS_STATUS, u32(unix.NL80211_BSS_STATUS_ASSOCIATED)), attr(unix.NL80211_BSS_INFORMATION_ELEMENTS, own)),
		}
	case unix.NL80211_CMD_GET_SURVEY:
		return [][]byte{
			attr(unix.NL80211_ATTR_SURVEY_INFO, attr(unix.NL80211_SURVEY_INFO_TIME, u64(5))), // iwlwifi's row without a channel
			attr(unix.NL80211_ATTR_SURVEY_INFO, join(attr(unix.NL80211_SURVEY_INFO_FREQUENCY, u32(2462)), attr(unix.NL80211_SURVEY_INFO_IN_USE, nil),
				attr(unix.NL80211_SURVEY_INFO_NOISE, []byte{0xa4}), attr(unix.NL80211_SURVEY_INFO_TIME, u64(8000)), attr(unix.NL80211_SURVEY_INFO_TIME_BUSY, u64(1000)))),
		}
	}
	return nil
}

// recorded is a socket that answers from a table instead of the kernel.
func recorded(answer func(command uint8) ([][]byte, error)) dial {
	family := genetlink.Family{ID: 0x1c, Version: 1, Name: unix.NL80211_GENL_NAME}
	return func() (*genetlink.Conn, error) {
		return genltest.Dial(genltest.ServeFamily(family, func(g genetlink.Message, _ netlink.Message) ([]genetlink.Message, error) {
			list, err := answer(g.Header.Command)
			var out []genetlink.Message
			for _, b := range list {
				out = append(out, genetlink.Message{Data: b})
			}
			return out, err
		})), nil
	}
}

// laptop has one adapter in sysfs.
func laptop() *fake.Host {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"sys/class/net/lo/flags": "0x9", "sys/class/net/wlan0/flags": "0x1003", "sys/class/net/wlan0/phy80211/name": "phy0\n",
		"sys/class/rfkill/rfkill0/type": "bluetooth", "sys/class/rfkill/rfkill0/name": "hci0", "sys/class/rfkill/rfkill0/soft": "1",
		"sys/class/rfkill/rfkill1/type": "wlan", "sys/class/rfkill/rfkill1/name": "tpacpi_wlan_sw", "sys/class/rfkill/rfkill1/hard": "1",
		"sys/class/rfkill/rfkill2/type": "wlan", "sys/class/rfkill/rfkill2/name": "phy0", "sys/class/rfkill/rfkill2/soft": "0", "sys/class/rfkill/rfkill2/hard": "0",
		"sys/bus/pci/devices/0000:00:01.0/class": "0x028000", "sys/bus/pci/devices/0000:00:02.0/class": "0x020000",
		"sys/bus/pci/devices/0000:00:03.0/class": "0x028000", "sys/bus/pci/devices/0000:00:03.0/driver/bind": "",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return &fake.Host{Files: files, Links: map[string]string{"/sys/class/net/wlan0/device/driver": "../../../bus/pci/drivers/iwlwifi"}}
}

func gathered(t *testing.T, h *fake.Host, open dial) (Facts, error) {
	t.Helper()
	env := diag.NewEnv(h, config.Default())
	Local(context.Background(), env)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := air(ctx, env, open)
	var f Facts
	env.Facts.Look(func(all diag.Facts) { f = Section.Of(all) })
	return f, err
}

func TestWholeLook(t *testing.T) {
	f, err := gathered(t, laptop(), recorded(func(c uint8) ([][]byte, error) { return kernel(c), nil }))
	if err != nil || f.Air != Asked || f.Country != "DE" || f.Driverless != 1 {
		t.Fatalf("%v: %+v", err, f)
	}
	if a := f.Adapters; len(a) != 1 || a[0].Driver != "iwlwifi" || !a[0].Up || a[0].Soft || a[0].Hard || a[0].Mode != "station" || a[0].Newest != 5 || len(a[0].Bands) != 2 {
		t.Errorf("adapters: %+v", a)
	}
	want := Link{Iface: "wlan0", SSID: "Kitchen", BSSID: "02:00:00:00:00:01", Freq: 2462, Channel: 11, Width: 40, Signal: -58, TxMbit: 866.7, Generation: 5,
		ConnectedS: 60, TxRetries: 12, RadioSource: "nl80211"}
	if f.Link == nil || *f.Link != want {
		t.Errorf("link: %+v", f.Link)
	}
	if len(f.BSS) != 2 || !f.BSS[0].Own || f.BSS[0].Width != 40 || f.BSS[0].Security != "wpa2" || f.BSS[0].Generation != 4 {
		t.Fatalf("networks: %+v", f.BSS)
	}
	evil := f.BSS[1]
	if evil.SSID != `\x1b[2Jevil` || evil.Load == nil || evil.Load.Stations != 14 || evil.Security != "unknown" || evil.Signal != -70 || f.ListAgeMS != 3200 {
		t.Errorf("neighbour: %+v, list %v ms old", evil, f.ListAgeMS)
	}
	if len(f.Survey) != 1 || f.Survey[0].Noise != -92 || f.Load.Tier != Measured || f.Load.Used != .125 {
		t.Errorf("survey %+v, load %+v", f.Survey, f.Load)
	}
}

func TestErrorsAreOutcomes(t *testing.T) {
	for errno, want := range map[unix.Errno]Outcome{unix.EPERM: Denied, unix.EBUSY: Interrupt} {
		f, err := gathered(t, laptop(), recorded(func(uint8) ([][]byte, error) { return nil, errno }))
		if err == nil || f.Air != want || f.Link != nil {
			t.Errorf("errno %d: %v, %+v", errno, err, f)
		}
	}
	f, err := gathered(t, laptop(), func() (*genetlink.Conn, error) { return nil, os.ErrNotExist })
	if err == nil || f.Air != Missing {
		t.Errorf("no family: %v, %+v", err, f)
	}
	// A driver without a survey is no error.
	f, err = gathered(t, laptop(), recorded(func(c uint8) ([][]byte, error) {
		if c == unix.NL80211_CMD_GET_SURVEY {
			return nil, unix.EOPNOTSUPP
		}
		return kernel(c), nil
	}))
	if err != nil || f.Air != Asked || f.Load.Tier != Reported {
		t.Errorf("no survey: %v, %+v", err, f.Load)
	}
}

func TestSwitches(t *testing.T) {
	h := laptop()
	h.Files["sys/class/rfkill/rfkill2/soft"] = &fstest.MapFile{Data: []byte("1\n")}
	if a := adapters(h); !a[0].Soft || a[0].Hard {
		t.Errorf("its own switch: %+v", a)
	}
	delete(h.Files, "sys/class/rfkill/rfkill2/type")
	if a := adapters(h); a[0].Soft || !a[0].Hard {
		t.Errorf("the laptop's switch: %+v", a)
	}
}

// TestThisKernel asks the real one, whatever it has.
func TestThisKernel(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	r, done, err := newReader(ctx, dialKernel)
	if err != nil {
		if outcomeOf(err) != Missing {
			t.Errorf("no nl80211 is %q: %v", outcomeOf(err), err)
		}
		t.Skipf("this kernel has no nl80211: %v", err)
	}
	defer done()
	if _, err := look(ctx, r, false); err != nil {
		t.Error(err)
	}
}

// TestRecordedScan decodes real answers of a kernel, if the samples are there.
func TestRecordedScan(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "samples", "wifi", "pyroute2", "iw_scan_rsp.bin"))
	if err != nil {
		t.Skipf("no samples: %v", err)
	}
	var got []BSS
	for len(b) >= 20 {
		size := int(binary.LittleEndian.Uint32(b))
		if h, ok := decodeBSS(b[20:size]); ok { // behind the netlink and generic headers
			got = append(got, h.bss())
		}
		b = b[(size+3)&^3:]
	}
	if len(got) != 4 {
		t.Fatalf("%d networks", len(got))
	}
	for i, want := range []struct {
		signal int
		hidden bool
	}{{-43, false}, {-33, true}, {-19, false}, {-28, false}} {
		if b := got[i]; b.Signal != want.signal || b.Hidden != want.hidden || b.Channel != 36 || b.BSSID == "" {
			t.Errorf("network %d: %+v", i, b)
		}
	}
}

func FuzzAttributes(f *testing.F) {
	for _, c := range []uint8{unix.NL80211_CMD_GET_INTERFACE, unix.NL80211_CMD_GET_WIPHY, unix.NL80211_CMD_GET_STATION, unix.NL80211_CMD_GET_SCAN, unix.NL80211_CMD_GET_SURVEY} {
		for _, b := range kernel(c) {
			f.Add(b)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		decodeInterface(b)
		decodePhy(b)
		decodeStation(b, &Link{})
		decodeSurvey(b)
		if h, ok := decodeBSS(b); ok {
			list := toBSS([]heard{h, h})
			airtime(Facts{Link: &Link{Freq: list[0].Freq}, BSS: list})
		}
	})
}

func BenchmarkParse200(b *testing.B) {
	one := kernel(unix.NL80211_CMD_GET_SCAN)[1]
	for b.Loop() {
		var list []heard
		for range 200 {
			h, _ := decodeBSS(one)
			list = append(list, h)
		}
		airtime(Facts{Link: &Link{Freq: 2462}, BSS: toBSS(list)})
	}
}
