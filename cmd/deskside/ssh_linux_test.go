package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"deskside/diag/lab"
	"deskside/tui/ttytest"
)

// sshd is a real server on the PC's loopback, with keys and configuration of
// its own. What it writes by itself (/run, /var/log) is the world's.
type sshd struct {
	*pc
	key string
}

const sshdPort = "2222"

func serveSSH(t *testing.T, p *pc) *sshd {
	t.Helper()
	for _, tool := range []string{"/usr/sbin/sshd", "ssh", "ssh-keygen"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	p.PC.Disk("/var/log", "1m", "") // wtmp and lastlog
	if err := p.Inside(func() error { return os.MkdirAll("/run/sshd", 0o755) }); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	host, user := filepath.Join(dir, "host"), filepath.Join(dir, "user")
	for _, key := range []string{host, user} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v\n%s", err, out)
		}
	}
	env := []string{"LANG=C.UTF-8", "LC_ALL=C.UTF-8"}
	for _, kv := range p.Environ() {
		if strings.HasPrefix(kv, "DESKSIDE_") || strings.HasPrefix(kv, "SSL_CERT_") {
			env = append(env, kv)
		}
	}
	conf := file(t, "sshd_config", fmt.Sprintf(`ListenAddress 127.0.0.1:%s
HostKey %s
AuthorizedKeysFile %s.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PermitUserRC no
PrintMotd no
PrintLastLog no
SetEnv %s
`, sshdPort, host, user, strings.Join(env, " ")))
	cmd := p.Command(context.WithoutCancel(t.Context()), lab.Options{}, "/usr/sbin/sshd", "-D", "-e", "-f", conf)
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Server listening") {
			go func() { // sshd must never wait for a reader
				for lines.Scan() {
				}
			}()
			return &sshd{p, user}
		}
		t.Log(lines.Text())
	}
	t.Fatal("sshd does not listen")
	return nil
}

// login starts the wizard through ssh, as an agent does.
func (d *sshd) login() *screen {
	d.t.Helper()
	cmd := d.Command(d.t.Context(), lab.Options{Env: screenEnv}, "ssh", "-tt", "-F", "none", "-i", d.key, "-p", sshdPort,
		"-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "LogLevel=ERROR",
		"-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null", "root@127.0.0.1", "exec "+d.bin)
	return &screen{ttytest.Open(d.t, cmd, 80, 24, ttytest.Mute), d.t}
}

// process finds the wizard of this world and holds on to it: a pidfd stays the
// same process, whoever gets its number afterwards.
func (d *sshd) process() *os.File {
	d.t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, dir := range dirs {
		env, err := os.ReadFile(dir + "/environ")
		exe, _ := os.Readlink(dir + "/exe")
		if err != nil || exe != d.bin || !bytes.Contains(env, []byte("DESKSIDE_STATE_DIR="+d.StateDir()+"\x00")) {
			continue // gone meanwhile, or another one
		}
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			d.t.Fatal(err)
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			d.t.Fatal(os.NewSyscallError("pidfd_open", err))
		}
		f := os.NewFile(uintptr(fd), "pidfd")
		d.t.Cleanup(func() { f.Close() })
		return f
	}
	d.t.Fatal("the wizard does not run")
	return nil
}

// gone waits until a process has ended: pidfd_open(2).
func gone(t *testing.T, pidfd *os.File) {
	t.Helper()
	fds := []unix.PollFd{{Fd: int32(pidfd.Fd()), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(fds, int(ttytest.Patience.Milliseconds()))
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			t.Fatal(os.NewSyscallError("poll", err))
		case n == 0:
			t.Fatal("the wizard stays behind without anybody")
		}
		return
	}
}

// TestSSH is the whole road through a real ssh session.
func TestSSH(t *testing.T) {
	t.Parallel()
	d := serveSSH(t, open(t, "dns-server-silent"))
	walk(t, d.pc, d.login())
}

// TestSSHHangup: the line drops while a fix is undecided, or while it runs.
// The program ends, nobody stays behind, and the PC is as it was.
func TestSSHHangup(t *testing.T) {
	t.Parallel()
	d := serveSSH(t, open(t, "dns-server-silent"))
	killed := func(s *screen) { _ = s.Cmd.Process.Kill() }
	closed := func(s *screen) { s.HangUp() }
	for _, c := range []struct {
		name  string
		until []string // what is on the screen when it happens; nil is at the yes
		drop  func(*screen)
	}{
		{"undecided, the client is killed", []string{helped}, killed},
		{"undecided, the client's window closes", []string{helped}, closed},
		{"while it looks again, the client is killed", []string{looking, helped}, killed},
		{"at the yes, the client is killed", nil, killed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := *d.pc
			p.t = t
			d := &sshd{&p, d.key}
			s := d.login()
			s.toTheCause()
			wizard := d.process()
			s.fix()
			if c.until != nil {
				s.Await(c.until...)
				d.changed("after the fix")
			}
			c.drop(s)
			gone(t, wizard)
			d.unchanged("after the line dropped")
			if got := d.run("status", "--json"); c.until != nil {
				got.want(t, 0, `"rolled_back"`)
			} else if strings.Contains(got.out, `"applied"`) || strings.Contains(got.out, `"armed"`) {
				t.Errorf("left open: %s", got.out)
			}
			d.run("recover").want(t, 0)
		})
	}
}
