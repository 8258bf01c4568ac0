package watch

// ring keeps the newest so many items.
type ring[T any] struct {
	items []T
	next  int // where the next one goes, once full
	most  int
	Lost  int // how many were pushed out
}

func (r *ring[T]) add(v T) {
	if len(r.items) < r.most {
		r.items = append(r.items, v)
		return
	}
	r.items[r.next] = v
	r.next = (r.next + 1) % r.most
	r.Lost++
}

// all returns a copy, oldest first.
func (r *ring[T]) all() []T {
	out := make([]T, 0, len(r.items))
	out = append(out, r.items[r.next:]...)
	return append(out, r.items[:r.next]...)
}

// newest returns a copy of the newest n, oldest first.
func (r *ring[T]) newest(n int) []T {
	n = min(n, len(r.items))
	out := make([]T, n)
	for i := range out {
		out[i] = r.items[(r.next+len(r.items)-n+i)%len(r.items)]
	}
	return out
}
