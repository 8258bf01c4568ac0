package step

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
)

// What can be at a path.
const (
	Regular = "file"
	Symlink = "symlink"
	Absent  = "absent"
)

// FileState is all of a path that a fix changes and an undo gives back:
// afterwards bytes, mode, owner, xattrs and modification time are the same;
// inode number and change time differ.
type FileState struct {
	Type   string            `json:"type"`
	Mode   uint32            `json:"mode,omitempty"` // permission bits with setuid, setgid and sticky (07777)
	UID    int               `json:"uid"`
	GID    int               `json:"gid"`
	MTime  int64             `json:"mtime_ns,omitempty"` // since 1970; 0: whatever the clock says
	Xattrs map[string][]byte `json:"xattrs"`             // null: whatever a new file gets here
	Link   string            `json:"link,omitempty"`     // where a symlink points
	Size   int               `json:"size"`
	SHA256 string            `json:"sha256,omitempty"`
	Bytes  []byte            `json:"bytes,omitempty"` // in the journal a blob holds them instead
}

// WithBytes returns the state of the same file with other content: no fixed
// modification time, everything else as it was. What was absent or a symlink
// becomes a plain file that everybody may read.
func (s FileState) WithBytes(b []byte) FileState {
	sum := sha256.Sum256(b)
	out := FileState{Type: Regular, Mode: 0o644, UID: s.UID, GID: s.GID}
	if s.Type == Regular {
		out.Mode, out.Xattrs = s.Mode, s.Xattrs
	}
	out.Size, out.SHA256, out.Bytes = len(b), hex.EncodeToString(sum[:]), b
	return out
}

// FileStep is the step from one state of a path to another.
func FileStep(path string, before, after FileState) Step {
	return Step{Kind: File, Target: path, Before: mustJSON(before), After: mustJSON(after)}
}

// Pack takes the bytes out of a file state, so that they can be kept beside
// it; states of other kinds come back as they are, without a blob.
func Pack(k Kind, raw json.RawMessage) (json.RawMessage, string, []byte, error) {
	if k != File {
		return raw, "", nil, nil
	}
	var s FileState
	if err := json.Unmarshal(raw, &s); err != nil || s.Type != Regular {
		return raw, "", nil, err
	}
	b := s.Bytes
	s.Bytes = nil
	return mustJSON(s), s.SHA256, b, nil
}

// Unpack is the inverse of Pack; get returns the bytes with a hash.
func Unpack(k Kind, raw json.RawMessage, get func(sha string) ([]byte, error)) (json.RawMessage, error) {
	if k != File {
		return raw, nil
	}
	var s FileState
	if err := json.Unmarshal(raw, &s); err != nil || s.Type != Regular {
		return raw, err
	}
	b, err := get(s.SHA256)
	if err != nil {
		return nil, err
	}
	s.Bytes = b
	return mustJSON(s), nil
}

type fileKind struct{}

func (fileKind) same(now, want json.RawMessage, exact bool) bool {
	var a, b FileState
	if json.Unmarshal(now, &a) != nil || json.Unmarshal(want, &b) != nil || a.Type != b.Type {
		return false
	}
	owned := a.UID == b.UID && a.GID == b.GID && (!exact || b.MTime == 0 || a.MTime == b.MTime)
	switch a.Type {
	case Absent:
		return true
	case Symlink:
		return a.Link == b.Link && owned
	}
	return owned && a.SHA256 == b.SHA256 && a.Size == b.Size && a.Mode == b.Mode &&
		(b.Xattrs == nil || maps.EqualFunc(a.Xattrs, b.Xattrs, bytes.Equal))
}

func (fileKind) diff(path string, from, to json.RawMessage) []DiffLine {
	var a, b FileState
	if json.Unmarshal(from, &a) != nil || json.Unmarshal(to, &b) != nil {
		return nil
	}
	out := []DiffLine{{" ", path}}
	if a.Type != b.Type || a.Link != b.Link {
		out = append(out, DiffLine{"-", a.kindLine()}, DiffLine{"+", b.kindLine()})
	}
	if a.Type == b.Type {
		out = append(out, attributeDiff(a, b)...)
	}
	return append(out, lineDiff(a.Bytes, b.Bytes)...)
}

func (s FileState) kindLine() string {
	switch s.Type {
	case Symlink:
		return "(link to " + s.Link + ")"
	case Absent:
		return "(no such file)"
	}
	return "(plain file)"
}

// attributeDiff shows what is not content. The values of extended attributes
// are not text, so only their names are shown.
func attributeDiff(a, b FileState) (out []DiffLine) {
	change := func(was, is string) {
		if was != is {
			out = append(out, DiffLine{"-", was}, DiffLine{"+", is})
		}
	}
	change(fmt.Sprintf("(mode %04o)", a.Mode), fmt.Sprintf("(mode %04o)", b.Mode))
	change(fmt.Sprintf("(owner %d:%d)", a.UID, a.GID), fmt.Sprintf("(owner %d:%d)", b.UID, b.GID))
	if a.Xattrs == nil || b.Xattrs == nil {
		return out
	}
	for name, v := range a.Xattrs {
		if w, ok := b.Xattrs[name]; !ok || !bytes.Equal(v, w) {
			out = append(out, DiffLine{"-", "(attribute " + name + ")"})
		}
	}
	for name, v := range b.Xattrs {
		if w, ok := a.Xattrs[name]; !ok || !bytes.Equal(v, w) {
			out = append(out, DiffLine{"+", "(attribute " + name + ")"})
		}
	}
	return out
}

func (fileKind) byHand(path string, to json.RawMessage, blob string) []string {
	var s FileState
	if json.Unmarshal(to, &s) != nil {
		return nil
	}
	switch {
	case s.Type == Absent:
		return []string{"rm -f -- " + quote(path)}
	case s.Type == Symlink:
		return []string{"ln -sfn -- " + quote(s.Link) + " " + quote(path)}
	case blob == "":
		return nil
	}
	return []string{
		fmt.Sprintf("install -m %04o -o %d -g %d -- %s %s", s.Mode, s.UID, s.GID, quote(blob), quote(path)),
	}
}
