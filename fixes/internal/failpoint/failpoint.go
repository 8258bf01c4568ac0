// Package failpoint lets a test stop the program just before any system call
// that makes something durable: the places where a crash could leave half a
// change. In the program itself it does nothing.
package failpoint

import "sync/atomic"

var hook atomic.Pointer[func(op string)]

// Reach is called right before a write, fsync, rename, link or unlink that
// matters, with its name.
func Reach(op string) {
	if h := hook.Load(); h != nil {
		(*h)(op)
	}
}

// Set installs what Reach calls; nil removes it. For tests only.
func Set(h func(op string)) {
	if h == nil {
		hook.Store(nil)
		return
	}
	hook.Store(&h)
}
