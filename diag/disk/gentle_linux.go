package disk

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// gently makes the calling goroutine's thread give way to everybody else: the
// network probes measure time beside us, and a slow PC took our walk for a
// dead web. The thread ends with its goroutine and takes the priority along.
// A refusal changes nothing but the pace.
func gently() {
	runtime.LockOSThread()
	tid := unix.Gettid()
	_ = unix.Setpriority(unix.PRIO_PROCESS, tid, 19)
	const (
		whoProcess = 1       // IOPRIO_WHO_PROCESS
		classIdle  = 3 << 13 // IOPRIO_CLASS_IDLE, ioprio_set(2)
	)
	_, _, _ = unix.Syscall(unix.SYS_IOPRIO_SET, whoProcess, uintptr(tid), classIdle)
}
