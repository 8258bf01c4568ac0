package tui

import (
	"context"
	"os"

	"golang.org/x/sys/unix"
)

// watchHangup calls gone when the terminal behind in has hung up. Bubble Tea
// swallows the end of its input (tty.go, readLoop), and SIGHUP reaches only
// the session's foreground: under nohup or a wrapper the program would stay
// behind for ever. poll(2) reports POLLHUP without reading anything.
func watchHangup(ctx context.Context, in *os.File, gone func()) {
	wake, stop, err := os.Pipe()
	if err != nil {
		return // SIGHUP remains
	}
	defer wake.Close()
	defer stop.Close()
	context.AfterFunc(ctx, func() { stop.Close() })
	fds := []unix.PollFd{{Fd: int32(in.Fd())}, {Fd: int32(wake.Fd())}}
	for {
		_, err := unix.Poll(fds, -1)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil || fds[1].Revents != 0:
			return
		case fds[0].Revents != 0:
			gone()
			return
		}
	}
}
