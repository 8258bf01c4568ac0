package internet

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"deskside/diag"
	"deskside/diag/config"
)

// answer is what an HTTP server said, as far as it matters.
type answer struct {
	status   int
	match    diag.Tri // Yes: the answer known beforehand; No: another answer; Maybe: it broke off
	redirect string
	foreign  bool
	clock    time.Time // what the server thinks the time is; zero when it does not say
	relayed  Relayed
}

// readAnswer reads one answer to a GET for asked. It is pure but for reading
// r, of which it takes at most 64 KiB. An error says that the answer is no
// HTTP or broke off before it could be told from the known one; what was
// understood until then is returned too.
func readAnswer(r io.Reader, asked *url.URL, want config.Web) (answer, error) {
	in := bufio.NewReader(io.LimitReader(r, maxAnswer))
	resp, err := http.ReadResponse(in, nil)
	for n := 0; err == nil && resp.StatusCode/100 == 1 && n < 5; n++ { // RFC 9110, 15.2
		resp, err = http.ReadResponse(in, nil)
	}
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, clock: serverClock(resp.Header)}
	a.redirect, a.foreign = redirect(resp, asked)
	a.relayed.Relay = relayOf(resp.Header)
	body := ""
	if a.match, body, err = matches(resp, want); a.match == diag.Yes {
		a.relayed.Added, a.relayed.Markup = addition(body, want.Body)
	}
	return a, err
}

// matches compares with the answer known beforehand, and returns what was read
// of the page. A status that differs decides without the body.
func matches(resp *http.Response, want config.Web) (diag.Tri, string, error) {
	status := want.Status
	if status == 0 {
		status = http.StatusOK
	}
	if resp.StatusCode != status {
		return diag.No, "", nil
	}
	if want.Body == "" {
		return diag.Yes, "", nil
	}
	limit := longest(want.Body)
	raw, err := io.ReadAll(io.LimitReader(resp.Body, int64(limit)+1))
	body := string(raw)
	switch {
	case len(body) > limit:
		return diag.No, body, nil
	case strings.Contains(body, want.Body):
		return diag.Yes, body, nil // whatever became of the rest
	case err != nil:
		return diag.Maybe, body, err
	}
	return diag.No, body, nil
}

// longest is how many bytes a known answer may have. A sign-in page is full of
// words and may well hold "success" in a script; the pages made for this
// purpose hold little else.
func longest(want string) int { return min(max(512, 64*len(want)), maxAnswer) }

// redirect returns where an answer sends us, in full, and whether that is
// another host than was asked.
func redirect(resp *http.Response, asked *url.URL) (string, bool) {
	if resp.StatusCode/100 != 3 || resp.Header.Get("Location") == "" {
		return "", false
	}
	to, err := asked.Parse(resp.Header.Get("Location"))
	if err != nil {
		return "", false
	}
	s := to.String()
	if len(s) > maxRedirect {
		s = s[:maxRedirect]
	}
	return s, !strings.EqualFold(to.Hostname(), asked.Hostname())
}

// serverClock reads the Date of an answer. One that lay in a cache carries
// the Date it was made, and its Age since then (RFC 9111, 4.2.3).
func serverClock(h http.Header) time.Time {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	const decade = 10 * 365 * 24 * 3600
	if age, err := strconv.Atoi(h.Get("Age")); err == nil && age > 0 && age < decade {
		date = date.Add(time.Duration(age) * time.Second)
	}
	return date
}

// endOf is the outcome of a conversation that ended with err.
func endOf(err error) (Outcome, string) {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Broken, ""
	}
	return classify(err)
}
