package local

import (
	"bytes"
	"context"
	"path"
	"strconv"
	"strings"

	"deskside/diag"
	"deskside/diag/host"
)

// words are the fields of a small file of numbers, or none.
func words(h host.Host, file string) []string {
	b, err := h.ReadFile(file)
	if err != nil {
		return nil
	}
	return strings.Fields(string(b))
}

func number(fields []string, at int) int {
	if at >= len(fields) {
		return 0
	}
	n, err := strconv.Atoi(fields[at])
	if err != nil {
		return 0
	}
	return n
}

// readPorts reads the range and, from /proc/net/sockstat, "TCP: inuse 5
// orphan 0 tw 3 …".
func readPorts(h host.Host) Ports {
	limits := words(h, "/proc/sys/net/ipv4/ip_local_port_range")
	p := Ports{Low: number(limits, 0), High: number(limits, 1)}
	for _, file := range []string{"/proc/self/net/sockstat", "/proc/self/net/sockstat6"} {
		fields := words(h, file)
		for i, f := range fields {
			tcp := i+2 < len(fields) && (f == "TCP:" || f == "TCP6:")
			if tcp && fields[i+1] == "inuse" {
				p.Used += number(fields, i+2)
			}
			if f == "tw" {
				p.Used += number(fields, i+1)
			}
		}
	}
	return p
}

// maxProcesses bounds the walk over /proc.
const maxProcesses = 4096

// countFiles walks over the programs of this PC's own network; those of
// containers have their own PC.
func countFiles(ctx context.Context, env *diag.Env) error {
	h := env.Host
	total := words(h, "/proc/sys/fs/file-nr")
	out := Files{Open: uint64(max(number(total, 0), 0)), Max: uint64(max(number(total, 2), 0))}
	here, err := h.Readlink("/proc/self/ns/net")
	if err != nil {
		return err
	}
	entries, err := h.ReadDir("/proc")
	if err != nil {
		return err
	}
	for i, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || i > maxProcesses {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		p, seen, relevant := readProcess(h, pid, here)
		switch {
		case !relevant:
		case !seen:
			out.Unseen++
		case crowded(p.Open, p.Limit) && len(out.Crowded) < 8:
			out.Crowded = append(out.Crowded, p)
		}
	}
	Section.Update(env.Facts, func(f *Facts) { f.Files = out })
	return nil
}

// readProcess counts a program's open files. Since Linux 6.2 the size of
// /proc/PID/fd is their number; before, its entries are counted.
func readProcess(h host.Host, pid int, here string) (p Process, seen, relevant bool) {
	dir := path.Join("/proc", strconv.Itoa(pid))
	stat, err := h.ReadFile(dir + "/stat")
	if err != nil || kernelThread(stat) {
		return p, false, false // gone meanwhile, or not a program
	}
	network, err := h.Readlink(dir + "/ns/net")
	if err != nil {
		return p, false, true
	}
	if network != here {
		return p, false, false
	}
	open, err := h.Stat(dir + "/fd")
	if err != nil {
		return p, false, true
	}
	p = Process{PID: pid, Open: int(open.Size()), Limit: softLimit(h, dir+"/limits")}
	if p.Open == 0 {
		list, err := h.ReadDir(dir + "/fd")
		if err != nil {
			return p, false, true
		}
		p.Open = len(list)
	}
	name, _ := h.ReadFile(dir + "/comm")
	p.Name = string(bytes.TrimSpace(name))
	return p, true, true
}

// kernelThread reads the flags of /proc/PID/stat (proc(5), field 9; the name
// before it is in parentheses and may hold anything): PF_KTHREAD.
func kernelThread(stat []byte) bool {
	const pfKthread = 0x00200000
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 {
		return false
	}
	flags := number(strings.Fields(string(stat[end+1:])), 6)
	return flags&pfKthread != 0
}

// softLimit reads "Max open files  1024  524288  files"; 0 for unlimited.
func softLimit(h host.Host, file string) int {
	b, err := h.ReadFile(file)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			return number(strings.Fields(rest), 0)
		}
	}
	return 0
}
