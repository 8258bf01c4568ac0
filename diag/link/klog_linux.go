package link

import (
	"context"
	"errors"

	"golang.org/x/sys/unix"

	"deskside/diag"
)

// maxLog bounds what is read of the kernel's log, which is a ring of about this
// size (CONFIG_LOG_BUF_SHIFT).
const maxLog = 1 << 20

// readLog looks in the kernel's log for links that come and go: counters do not
// say when. It reads what is there and waits for nothing; on many systems only
// an administrator may (kernel.dmesg_restrict).
func readLog(ctx context.Context, env *diag.Env) error {
	var links []Link
	env.Facts.Look(func(f diag.Facts) { links = counted(Section.Of(f)) })
	raw, err := kernelLog(ctx)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EACCES) {
		Section.Update(env.Facts, func(f *Facts) { f.LogDenied = true })
	}
	if err != nil {
		return err
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return err
	}
	log := records(raw)
	var found []Losses
	for _, l := range links {
		if n := losses(log, l.Name, now.Nano()/1000); n > 0 {
			found = append(found, Losses{Index: l.Index, Times: n, WindowS: lossesWindow / 1e6, Often: n >= lossesCount})
		}
	}
	at := env.SinceMS()
	Section.Update(env.Facts, func(f *Facts) {
		f.Losses = found
		for i := range f.Losses {
			f.Losses[i].AtMS = at
		}
	})
	return nil
}

// kernelLog reads /dev/kmsg to its end: one record a read, EPIPE for records
// that were overwritten meanwhile, EAGAIN at the end.
func kernelLog(ctx context.Context) ([]byte, error) {
	fd, err := unix.Open("/dev/kmsg", unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var all []byte
	record := make([]byte, 8192) // the kernel's own bound, CONSOLE_EXT_LOG_MAX
	for len(all) < maxLog && ctx.Err() == nil {
		n, err := unix.Read(fd, record)
		switch {
		case errors.Is(err, unix.EPIPE), errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN), err == nil && n == 0:
			return all, nil
		case err != nil:
			return nil, err
		default:
			all = append(all, record[:n]...)
		}
	}
	return all, ctx.Err()
}
