package internet

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"deskside/diag"
)

const (
	// maxScript is the longest script that browsers take (Chromium,
	// pac_file_fetcher_impl.cc: 1 MiB).
	maxScript = 1 << 20
	// mostHops are the redirects followed to a script, on the host that was
	// named and nowhere else.
	mostHops = 3
	// mostTried are the proxies of scripts that are asked for a page.
	mostTried = 2
	// scriptBudget is a name, a connection and an answer; then a proxy that the
	// script names.
	scriptBudget = resolveBudget + connectBudget + answerBudget + slack
)

// script is the fact for a script whose address is set; an empty one is to be
// looked for.
func script(p PAC, address string) PAC {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	switch {
	case address == "":
		p.Found = searched
	case strings.HasPrefix(address, "/"):
		p.URL, p.OnDisk = "file://"+address, true
	case err == nil && u.Scheme == "file":
		p.URL, p.OnDisk = "file://"+u.Path, true
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		p.Outcome = Broken
	default:
		u.User, u.Fragment = nil, ""
		p.URL = u.String()
	}
	return p
}

// scripted reports that there is a script to fetch or to look for.
func scripted(f diag.Facts) bool { return len(Section.Of(f).Scripts) > 0 }

// probeScripts fetches every script once, whoever is told to use it, and then
// asks the proxies that stand in it.
func probeScripts(ctx context.Context, env *diag.Env) error {
	var scripts []PAC
	env.Facts.Look(func(f diag.Facts) { scripts = append(scripts, Section.Of(f).Scripts...) })
	var all sync.WaitGroup
	seen := map[string]bool{}
	for _, p := range scripts {
		if key := p.Found + " " + p.URL; p.Outcome == "" && !seen[key] {
			seen[key] = true
			all.Go(func() { p.learn(ctx, env) })
		}
	}
	all.Wait()
	return nil
}

// learn fetches a script and notes what became of it.
func (p PAC) learn(ctx context.Context, env *diag.Env) {
	set, begin := p, time.Now()
	p.AtMS = env.SinceMS()
	var source []byte
	if p.Found == searched {
		p.search(ctx, env)
	}
	switch {
	case p.Outcome != "": // there is none
	case p.OnDisk:
		source = p.read(env)
	default:
		source = p.fetch(ctx, env)
	}
	if ctx.Err() != nil && p.Outcome != Connected {
		return // cut: absent is unknown
	}
	p.TookMS = diag.MS(time.Since(begin))
	named := p.judge(source)
	fresh := named.offer(env, set, p)
	var tried sync.WaitGroup
	for _, s := range fresh {
		tried.Go(func() { askThrough(ctx, env, s) })
	}
	tried.Wait()
}

// judge says whether what came is a script, and what it may answer.
func (p *PAC) judge(source []byte) choices {
	if p.Outcome != Connected || p.Script == diag.Maybe && len(source) == 0 {
		return choices{}
	}
	p.Script = diag.TriOf(bytes.Contains(source, []byte(entryPoint)))
	if p.Script == diag.No {
		return choices{}
	}
	named := readChoices(string(source))
	p.Literal = diag.TriOf(named.literal)
	return named
}

// offer writes the script's fate into every row that was set like it, and adds
// the proxies that nobody asks yet; it returns those. A proxy that is the only
// answer there is counts like one that is set.
func (c choices) offer(env *diag.Env, set, p PAC) []setting {
	var fresh []setting
	Section.Update(env.Facts, func(f *Facts) {
		for i := range f.Scripts {
			if row := &f.Scripts[i]; row.Found == set.Found && row.URL == set.URL {
				p.Variable, p.Source, p.File, p.User = row.Variable, row.Source, row.File, row.User
				*row = p
			}
		}
		if !c.literal {
			return
		}
		known := map[string]bool{}
		for _, row := range f.Proxies {
			known[row.URL] = true
		}
		for _, address := range c.proxies {
			if known[address] || len(fresh) == mostTried {
				continue
			}
			s := setting{Proxy: Proxy{Variable: p.Variable, Source: fromPAC, File: p.File, User: p.User, URL: address, Perhaps: c.direct || len(c.proxies) > 1}}
			f.Proxies = append(f.Proxies, s.Proxy)
			if len(env.Config.Probe.Web) > 0 && s.pages() {
				f.Asked.Proxied++
			}
			fresh = append(fresh, s)
		}
	})
	return fresh
}

// read is a script on this PC's own disk.
func (p *PAC) read(env *diag.Env) []byte {
	b, err := env.Host.ReadFile(strings.TrimPrefix(p.URL, "file://"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.Outcome = NoName
	case errors.Is(err, fs.ErrPermission):
		p.Outcome = Denied // to us; the person whose file it is may read it
	case err != nil:
		p.Outcome = Broken
	default:
		p.Outcome = Connected
	}
	return b
}

// fetch gets a script as the programs of this PC would, directly.
func (p *PAC) fetch(ctx context.Context, env *diag.Env) []byte {
	u, err := url.Parse(p.URL)
	if err != nil {
		p.Outcome = Broken
		return nil
	}
	at := ownPlace(ctx, env, u)
	if len(at.addrs) == 0 {
		p.Outcome = NoName
		return nil
	}
	for range mostHops {
		won := line{env: env, why: "proxy-script"}.first(ctx, at.addrs)
		if p.Outcome, p.Errno = classify(won.err); won.err != nil {
			return nil
		}
		body, to := p.get(ctx, env, won.conn, u)
		if to == nil || to.Host != u.Host || to.Scheme != u.Scheme {
			return body
		}
		u = to
	}
	p.Outcome = Broken // it sends us in a circle
	return nil
}

// get asks for the script on a connection, which it closes. It returns what
// came, or where else to ask.
func (p *PAC) get(ctx context.Context, env *diag.Env, conn net.Conn, u *url.URL) ([]byte, *url.URL) {
	defer conn.Close()
	if u.Scheme == "https" {
		inside, t, known := Shake(ctx, env, conn, u)
		p.Cert, p.Outcome, p.Errno = t.Now, t.Outcome, t.Errno
		if !known || inside == nil {
			return nil, nil
		}
		conn = inside
	}
	defer armed(ctx, conn, answerBudget)()
	req := getRequest(u)
	req.Header.Set("Accept-Encoding", "identity")
	err := req.Write(conn)
	if err != nil {
		p.Outcome, p.Errno = endOf(err)
		return nil, nil
	}
	resp, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, maxScript+maxAnswer)), req)
	if err != nil {
		p.Outcome, p.Errno = endOf(err)
		return nil, nil
	}
	defer resp.Body.Close()
	p.Status = resp.StatusCode
	if resp.StatusCode/100 == 3 {
		to, err := u.Parse(resp.Header.Get("Location"))
		if err != nil {
			return nil, nil
		}
		return nil, to
	}
	if resp.StatusCode/100 != 2 {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxScript))
	if err != nil && !bytes.Contains(body, []byte(entryPoint)) {
		p.Outcome, p.Errno = endOf(err)
	}
	return body, nil
}
