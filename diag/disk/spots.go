package disk

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// Hot spots are hierarchical heavy hitters: a place is one when it holds at
// least the threshold after its own hot spots further down are taken away. So
// no row repeats another's bytes ("/", "/var", "/var/lib" …), at most
// 1/share rows exist, and rows plus rest are the total. Cormode et al.,
// "Finding hierarchical heavy hitters in data streams", VLDB 2003.
const (
	spotShare = 0.01 // of the used bytes
	mostSpots = 12
)

// node is one directory of a walk while it is alive. A node goes up into its
// parent when itself and all its children are done; then it is garbage, so
// that memory follows the depth of the walk, not the size of the tree.
type node struct {
	parent *node
	name   string
	fd     int          // open while children are still to be opened; -1 before
	unborn atomic.Int32 // children not yet opened, plus one while reading
	open   atomic.Int32 // children not yet done, plus one for itself
	rem    atomic.Int64 // bytes or names not given to a hot spot further down
}

// path is the place in the filesystem, from the mount point down.
func (n *node) path(mount string) string {
	var names []string
	for ; n.parent != nil; n = n.parent {
		names = append(names, n.name)
	}
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(mount, "/"))
	for i := len(names) - 1; i >= 0; i-- {
		b.WriteByte('/')
		b.WriteString(names[i])
	}
	if b.Len() == 0 {
		return "/"
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// ranking collects hot spots from all workers.
type ranking struct {
	mount     string
	by        Measure
	threshold int64 // bytes or names
	mu        sync.Mutex
	spots     []Spot
}

// newRanking ranks by bytes or by names, of which used are in use. On a small
// filesystem a page, or ten names, are still no hot spot.
func newRanking(mount string, by Measure, used uint64) *ranking {
	least := map[Measure]int64{ByBytes: 4096, ByFiles: 10}[by]
	return &ranking{mount: mount, by: by, threshold: max(int64(float64(used)*spotShare), least)}
}

// weight is what one name counts, given its allocated bytes.
func (r *ranking) weight(bytes int64) int64 {
	if r.by == ByFiles {
		return 1
	}
	return bytes
}

// done folds a finished node into its parent, and every ancestor that is
// finished by that. It reports whether the whole walk is.
func (r *ranking) done(n *node) bool {
	for n.open.Add(-1) == 0 {
		rem := n.rem.Load()
		if rem >= r.threshold {
			r.add(n, rem, false)
			rem = 0
		}
		if n.parent == nil {
			return true
		}
		n.parent.rem.Add(rem)
		n = n.parent
	}
	return false
}

func (r *ranking) add(n *node, size int64, file bool) {
	s := Spot{Path: n.path(r.mount), File: file}
	if r.by == ByFiles {
		s.Files = uint64(size)
	} else {
		s.Bytes = uint64(size)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spots = append(r.spots, s)
}

// top returns the biggest spots.
func (r *ranking) top() []Spot {
	r.mu.Lock()
	defer r.mu.Unlock()
	sort.Slice(r.spots, func(i, j int) bool {
		a, b := r.spots[i], r.spots[j]
		if a.Bytes+a.Files != b.Bytes+b.Files { // one of the two is always 0
			return a.Bytes+a.Files > b.Bytes+b.Files
		}
		return a.Path < b.Path
	})
	return slices.Clone(r.spots[:min(len(r.spots), mostSpots)])
}
