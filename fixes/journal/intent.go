package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"deskside/fixes/step"
)

// Schema is the version of intent.json. Other versions are refused, never
// guessed at.
const Schema = "deskside.tx/1"

// Intent is what a transaction is going to do. It is written once.
type Intent struct {
	Schema  string      `json:"schema"`
	ID      string      `json:"id"`
	Fix     string      `json:"fix"`
	Cause   string      `json:"cause"`
	Check   string      `json:"check"`
	Undo    string      `json:"undo"`         // R0 … R4
	Cuts    string      `json:"session_risk"` // S0 … S2
	Created string      `json:"created"`      // RFC 3339, UTC, by a clock that may be wrong
	BootID  string      `json:"boot_id"`      // runtime steps of another boot are gone by themselves
	Owner   Process     `json:"owner"`        // who applies it
	Steps   []step.Step `json:"steps"`        // file bytes are in blobs/
}

// Process names one process for good: numbers are reused, start times with
// them are not.
type Process struct {
	PID   int    `json:"pid"`
	Start string `json:"start"` // field 22 of /proc/PID/stat, clock ticks since boot
}

const trailer = "sha256:"

// encode writes the intent and its hash, readable with cat.
func (in Intent) encode() ([]byte, error) {
	b, err := json.MarshalIndent(in, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	return []byte(Sealed(string(b) + "\n")), nil
}

// Sealed is a body with its hash behind it.
func Sealed(body string) string { return body + trailer + hash([]byte(body)) + "\n" }

// decode reads it back: the hash first, then the schema, then the rest, and
// nothing that is not known.
func decode(b []byte) (Intent, error) {
	at := bytes.LastIndex(b, []byte("\n"+trailer)) + 1
	if at <= 0 || string(b[at:]) != trailer+hash(b[:at])+"\n" {
		return Intent{}, errors.New("journal: intent.json is damaged")
	}
	var version struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b[:at], &version); err != nil {
		return Intent{}, fmt.Errorf("journal: intent.json: %w", err)
	}
	if version.Schema != Schema {
		return Intent{}, fmt.Errorf("journal: intent.json has schema %q, this program knows %q", version.Schema, Schema)
	}
	d := json.NewDecoder(bytes.NewReader(b[:at]))
	d.DisallowUnknownFields()
	var in Intent
	if err := d.Decode(&in); err != nil {
		return Intent{}, fmt.Errorf("journal: intent.json: %w", err)
	}
	return in, nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
