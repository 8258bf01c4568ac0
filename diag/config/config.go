// Package config reads deskside's one configuration file. Everything the
// program contacts comes from here or from the PC's own settings.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Config is the whole file. The zero value of a table means its defaults.
type Config struct {
	Probe      Probe      `toml:"probe"`
	Privacy    Privacy    `toml:"privacy"`
	Desk       Desk       `toml:"desk"`
	Thresholds Thresholds `toml:"thresholds"`
}

// Probe names what may be contacted.
type Probe struct {
	Anchors    []string `toml:"anchors"`     // IP:port, TCP connect only
	DNSControl []string `toml:"dns_control"` // IPs of second-opinion resolvers
	Names      []string `toml:"names"`       // names that must resolve
	Web        []Web    `toml:"web"`         // plain HTTP, answer known beforehand
	HTTPS      []string `toml:"https"`       // URLs whose certificate must verify
	Services   []string `toml:"services"`    // name:port or URL of the operator's own
}

// Web is a plain-HTTP endpoint whose answer is known beforehand.
type Web struct {
	URL    string `toml:"url"`
	Status int    `toml:"status"`
	Body   string `toml:"body"` // the answer must contain this; empty means the status decides
}

// Privacy bounds how long anything is kept.
type Privacy struct {
	RetentionDays int `toml:"retention_days"` // at most 30
}

// Desk is the operator of the support desk.
type Desk struct {
	Operator   string   `toml:"operator"`
	Address    string   `toml:"address"`
	Recipients []string `toml:"recipients"` // age or SSH public keys for sealed reports
}

// Thresholds override when something counts as trouble.
type Thresholds struct {
	DiskFreePercent float64 `toml:"disk_free_percent"` // fail below (default 3)
	ClockSkewSecs   float64 `toml:"clock_skew_secs"`   // fail above (default 120)
}

// Default is the configuration without a file.
func Default() Config {
	return Config{
		Probe: Probe{
			Anchors:    []string{"9.9.9.9:443", "1.1.1.1:443", "[2620:fe::fe]:443", "[2606:4700:4700::1111]:443"},
			DNSControl: []string{"9.9.9.9", "1.1.1.1"},
			Names:      []string{"example.com", "wikipedia.org"},
			Web: []Web{
				{URL: "http://detectportal.firefox.com/success.txt", Status: 200, Body: "success"},
				{URL: "http://nmcheck.gnome.org/check_network_status.txt", Status: 200, Body: "NetworkManager is online"},
			},
			HTTPS: []string{"https://wikipedia.org/"},
		},
		Privacy:    Privacy{RetentionDays: 30},
		Thresholds: Thresholds{DiskFreePercent: 3, ClockSkewSecs: 120},
	}
}

// Load reads path over the defaults; an empty path is the defaults. Unknown
// keys are errors that name the key and the line.
func Load(path string) (Config, error) {
	c := Default()
	if path == "" {
		return c, nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	c, err = Parse(b)
	if err != nil {
		return c, fmt.Errorf("configuration %s: %w", path, err)
	}
	return c, nil
}

// Parse reads TOML over the defaults.
func Parse(b []byte) (Config, error) {
	c := Default()
	// A list in the file replaces the default list, it does not add to it.
	d := toml.NewDecoder(bytes.NewReader(b)).DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return c, explain(err)
	}
	return c, c.check()
}

// explain turns the decoder's errors into one line that names key and line.
func explain(err error) error {
	var strict *toml.StrictMissingError
	if errors.As(err, &strict) && len(strict.Errors) > 0 {
		e := strict.Errors[0]
		row, _ := e.Position()
		return fmt.Errorf("line %d: unknown key %q", row, strings.Join(e.Key(), "."))
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		row, col := decode.Position()
		return fmt.Errorf("line %d, column %d: %s", row, col, decode.Error())
	}
	return err
}

func (c Config) check() error {
	for _, a := range c.Probe.Anchors {
		if _, err := netip.ParseAddrPort(a); err != nil {
			return fmt.Errorf("probe.anchors: %q is not an IP address with a port, like 192.0.2.1:443", a)
		}
	}
	for _, a := range c.Probe.DNSControl {
		if _, err := netip.ParseAddr(a); err != nil {
			return fmt.Errorf("probe.dns_control: %q is not an IP address", a)
		}
	}
	for _, w := range c.Probe.Web {
		if u, err := url.Parse(w.URL); err != nil || u.Scheme != "http" || u.Host == "" {
			return fmt.Errorf("probe.web: %q is not an http:// URL", w.URL)
		}
	}
	for _, s := range c.Probe.HTTPS {
		if u, err := url.Parse(s); err != nil || u.Scheme != "https" || u.Host == "" {
			return fmt.Errorf("probe.https: %q is not an https:// URL", s)
		}
	}
	if c.Privacy.RetentionDays < 0 || c.Privacy.RetentionDays > 30 {
		return fmt.Errorf("privacy.retention_days: %d is not between 0 and 30", c.Privacy.RetentionDays)
	}
	return nil
}
