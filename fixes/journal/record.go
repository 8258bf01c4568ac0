package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"deskside/fixes/internal/failpoint"
	"deskside/fixes/step"
)

// Mark is a point a transaction has reached.
type Mark string

// Marks, in the order they can be reached.
const (
	Applied    Mark = "applied"     // every step done and read back
	Kept       Mark = "kept"        // a person wants it to stay
	RolledBack Mark = "rolled_back" // taken back before anybody kept it
	Undoing    Mark = "undoing"     // a kept one is being taken back
	Undone     Mark = "undone"      // a kept one was taken back
	Stuck      Mark = "stuck"       // could not be taken back whole
)

var marks = []Mark{Applied, Kept, RolledBack, Undoing, Undone, Stuck}

// Record is one transaction on disk. Err is set when its intent cannot be
// trusted; then only ID and place are known.
type Record struct {
	Intent
	Err error
	j   *Journal
	dir string // "tx/<id>" or "archive/<id>"
}

// Open reports a transaction that is not closed.
func (r *Record) Open() bool { return strings.HasPrefix(r.dir, open+"/") }

// Path is where the transaction lies, for people.
func (r *Record) Path() string { return r.j.path + "/" + r.dir }

// Begin makes an intent durable: nothing may be changed before it returns nil.
// On an error nothing is left behind. Steps carry the bytes of files; they
// are put into blobs.
func (j *Journal) Begin(in Intent, now time.Time) (*Record, error) {
	newest, err := j.newest()
	if err != nil {
		return nil, err
	}
	in.Schema, in.ID, in.Created = Schema, newID(now, newest), now.UTC().Format(time.RFC3339)
	temp, final := open+"/.new-"+in.ID, open+"/"+in.ID
	if err := j.lay(temp, &in); err != nil {
		j.root.RemoveAll(temp)
		return nil, err
	}
	if err := j.move(temp, final, open); err != nil {
		j.root.RemoveAll(temp)
		j.root.RemoveAll(final)
		return nil, err
	}
	return j.load(final), nil
}

// lay writes the whole folder of a transaction under a name that recovery
// throws away.
func (j *Journal) lay(dir string, in *Intent) error {
	for _, d := range []string{dir, dir + "/blobs", dir + "/staging"} {
		if err := j.root.Mkdir(d, 0o700); err != nil {
			return fmt.Errorf("journal: %w", err)
		}
	}
	in.Steps = slices.Clone(in.Steps)
	for i := range in.Steps {
		s := &in.Steps[i]
		for _, state := range []*json.RawMessage{&s.Before, &s.After} {
			packed, sha, b, err := step.Pack(s.Kind, *state)
			if err != nil {
				return fmt.Errorf("journal: %w", err)
			}
			*state = packed
			if sha == "" {
				continue
			}
			if err := j.write(dir+"/blobs/"+sha, b); err != nil && !errors.Is(err, fs.ErrExist) {
				return err
			}
		}
	}
	for _, m := range marks {
		if err := j.write(dir+"/staging/"+string(m), []byte(string(m)+"\n")); err != nil {
			return err
		}
	}
	b, err := in.encode()
	if err != nil {
		return err
	}
	if err := j.write(dir+"/intent.json", b); err != nil {
		return err
	}
	for _, d := range []string{dir + "/blobs", dir + "/staging", dir} {
		if err := j.sync(d); err != nil {
			return err
		}
	}
	return nil
}

// load reads a transaction and checks every hash.
func (j *Journal) load(dir string) *Record {
	r := &Record{j: j, dir: dir, Intent: Intent{ID: path.Base(dir)}}
	in, err := j.readIntent(dir)
	if err != nil {
		r.Err = err
		return r
	}
	r.Intent = in
	return r
}

func (j *Journal) readIntent(dir string) (Intent, error) {
	for _, d := range []string{dir, dir + "/blobs", dir + "/staging"} {
		if err := j.private(d, true); err != nil {
			return Intent{}, err
		}
	}
	b, err := j.read(dir + "/intent.json")
	if err != nil {
		return Intent{}, err
	}
	in, err := decode(b)
	if err != nil {
		return Intent{}, err
	}
	if in.ID != path.Base(dir) {
		return Intent{}, fmt.Errorf("journal: %s holds the intent of %s", dir, in.ID)
	}
	get := func(sha string) ([]byte, error) { return j.blob(dir, sha) }
	for i := range in.Steps {
		s := &in.Steps[i]
		for _, state := range []*json.RawMessage{&s.Before, &s.After} {
			if *state, err = step.Unpack(s.Kind, *state, get); err != nil {
				return Intent{}, err
			}
		}
	}
	return in, nil
}

func (j *Journal) blob(dir, sha string) ([]byte, error) {
	if len(sha) != 64 || strings.Trim(sha, "0123456789abcdef") != "" {
		return nil, errors.New("journal: a blob without a hash for a name")
	}
	b, err := j.read(dir + "/blobs/" + sha)
	if err != nil {
		return nil, err
	}
	if hash(b) != sha {
		return nil, fmt.Errorf("journal: blob %s is damaged", sha)
	}
	return b, nil
}

// Has reports whether the transaction reached a mark.
func (r *Record) Has(m Mark) bool {
	_, err := r.j.root.Lstat(r.dir + "/" + string(m))
	return err == nil
}

// Mark records that a point was reached, durably. Reaching it again is fine.
// A link needs no room on filesystems of disks; tmpfs counts it as an inode
// (mm/shmem.c, shmem_link), and where that is too much the staged file itself
// moves, which needs nothing.
func (r *Record) Mark(m Mark) error {
	failpoint.Reach("journal link " + string(m))
	from, to := r.dir+"/staging/"+string(m), r.dir+"/"+string(m)
	err := r.j.root.Link(from, to)
	if err != nil && !errors.Is(err, fs.ErrExist) && !r.Has(m) {
		err = r.j.root.Rename(from, to)
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("journal: %w", err)
	}
	return r.j.sync(r.dir)
}

// KeepOther keeps bytes that stand in the way of an undo. The name carries
// their hash, so nothing that was kept before is overwritten.
func (r *Record) KeepOther(name string, b []byte) error {
	dir := r.dir + "/conflict"
	if err := r.j.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("journal: %w", err)
	}
	if err := r.j.private(dir, true); err != nil {
		return err
	}
	sum := hash(b)[:16]
	err := r.j.write(dir+"/"+name+"."+sum, b)
	if err != nil && !errors.Is(err, fs.ErrExist) { // there already: the same bytes
		return err
	}
	if err := r.j.sync(dir); err != nil {
		return err
	}
	return r.j.sync(r.dir)
}

// Close moves a transaction to the archive; an archived one stays there.
func (r *Record) Close() error { return r.to(archive) }

// Reopen moves it back, so that a crash while it is undone is found.
func (r *Record) Reopen() error { return r.to(open) }

func (r *Record) to(folder string) error {
	dir := folder + "/" + r.ID
	if r.dir == dir {
		return nil
	}
	if err := r.j.move(r.dir, dir, open, archive); err != nil {
		return err
	}
	r.dir = dir
	return nil
}
