package main

import (
	"encoding/json"
	"io"
	"math"
	"time"

	"deskside/diag"
	"deskside/diag/watch"
)

// jsonHeartbeat tells a program that reads along that all goes on.
const jsonHeartbeat = time.Minute

// watchEvent is one line of --json. Absent members do not apply.
type watchEvent struct {
	Event     string  `json:"event"` // started opened moved named closed withdrawn gap learned heartbeat
	At        string  `json:"at"`    // RFC 3339, the wall clock as it was
	IntervalS float64 `json:"interval_s,omitempty"`

	Incident  int             `json:"incident,omitempty"`
	Kind      watch.Kind      `json:"kind,omitempty"`  // silence slow losses
	Where     string          `json:"where,omitempty"` // link router provider names
	Also      []watch.Station `json:"also,omitempty"`
	Began     string          `json:"began,omitempty"`
	LastsS    float64         `json:"lasts_s,omitempty"`
	FromStart bool            `json:"from_start,omitempty"`
	EndUnseen bool            `json:"end_unseen,omitempty"`
	Open      bool            `json:"open,omitempty"`
	Naming    watch.Naming    `json:"naming,omitempty"` // looking named passed unclear cut spared
	Cause     string          `json:"cause,omitempty"`

	UsualMS float64 `json:"usual_ms,omitempty"` // with slow: the median before
	NowMS   float64 `json:"now_ms,omitempty"`   // with slow: at worst
	Lost    int     `json:"lost,omitempty"`     // with losses: of the last asked
	Asked   int     `json:"asked,omitempty"`

	Gap      watch.GapKind `json:"gap,omitempty"`  // slept stalled clock_set switched
	From     string        `json:"from,omitempty"` // with switched: ether wifi tun …
	To       string        `json:"to,omitempty"`
	LongS    float64       `json:"long_s,omitempty"`
	Stations []watchNumber `json:"stations,omitempty"`
}

// watchNumber is one station's numbers since the start, times in milliseconds.
type watchNumber struct {
	Station  string   `json:"station"`
	Asked    int      `json:"asked"`
	Lost     int      `json:"lost"`
	MinMS    *float64 `json:"min_ms"` // this and below: null where it never answered
	MedianMS *float64 `json:"median_ms"`
	P95MS    *float64 `json:"p95_ms"`
	MaxMS    *float64 `json:"max_ms"`
	Mute     bool     `json:"mute,omitempty"` // does not answer here
}

// watchTotal is the last line.
type watchTotal struct {
	Event     string         `json:"event"` // summary
	Schema    string         `json:"schema"`
	At        string         `json:"at"`
	WatchedS  float64        `json:"watched_s"`
	Stations  []watchNumber  `json:"stations"`
	Count     int            `json:"incident_count"`
	Incidents []watchEvent   `json:"incidents"` // the newest
	Causes    map[string]int `json:"causes"`
	Contacted []diag.Contact `json:"contacted"`
	Redacted  bool           `json:"redacted"`
}

type watchJSON struct {
	enc  *json.Encoder
	fl   watchFlags
	beat time.Duration
	err  error // the first one
}

func newWatchJSON(w io.Writer, fl watchFlags) *watchJSON {
	return &watchJSON{enc: json.NewEncoder(w), fl: fl}
}

func (j *watchJSON) put(v any) {
	if j.err == nil {
		j.err = j.enc.Encode(v)
	}
}

func (j *watchJSON) started(now watch.Moment) {
	j.put(watchEvent{Event: "started", At: stamp(now.Wall), IntervalS: j.fl.interval.Seconds()})
}

func (j *watchJSON) observe(changes []watch.Change, view func(int) watch.View) {
	v := view(0)
	for _, c := range changes {
		for name, i := range map[string]*watch.Incident{"opened": c.Opened, "moved": c.Moved, "named": c.Named, "closed": c.Closed, "withdrawn": c.Withdrawn} {
			if i != nil {
				e := incidentEvent(*i)
				e.Event, e.At = name, stamp(v.Now.Wall)
				j.put(e)
			}
		}
		if c.Learned != nil { // what is slow is told from now on
			j.put(watchEvent{Event: "learned", At: stamp(v.Now.Wall), Stations: numbers(v)})
		}
		if g := c.Gap; g != nil {
			j.put(watchEvent{Event: "gap", At: stamp(g.At), Gap: g.Kind, LongS: seconds(g.Long), From: g.From.Kind, To: g.To.Kind})
		}
	}
	if j.beat == 0 || v.Now.Mono-j.beat >= jsonHeartbeat { // the first one at once
		j.beat = v.Now.Mono
		j.put(watchEvent{Event: "heartbeat", At: stamp(v.Now.Wall), Stations: numbers(v)})
	}
}

func (j *watchJSON) summary(v watch.View, sent []diag.Contact) {
	t := watchTotal{
		Event: "summary", Schema: "deskside.watch/1", At: stamp(v.Now.Wall), WatchedS: seconds(v.Watched), Stations: numbers(v),
		Count: v.Tally.Incidents, Incidents: []watchEvent{}, Causes: v.Tally.Causes, Contacted: []diag.Contact{}, Redacted: !j.fl.full,
	}
	for _, i := range v.Incidents {
		if i.Open {
			t.Count++
		}
		t.Incidents = append(t.Incidents, incidentEvent(i))
	}
	for _, c := range sent {
		if !j.fl.full {
			c.Address = "" // why, how and how much remain
		}
		t.Contacted = append(t.Contacted, c)
	}
	j.put(t)
}

func incidentEvent(i watch.Incident) watchEvent {
	return watchEvent{
		Event: "incident", At: stamp(i.Began), Incident: i.ID, Kind: i.Kind, Where: i.Where.String(), Also: i.Also, Began: stamp(i.Began), LastsS: seconds(i.Lasts),
		FromStart: i.FromStart, EndUnseen: i.EndUnseen, Open: i.Open, Naming: i.Verdict.Naming, Cause: i.Verdict.Cause,
		UsualMS: diag.MS(i.Usual), NowMS: diag.MS(i.Now), Lost: i.Lost, Asked: i.Asked,
	}
}

func numbers(v watch.View) (out []watchNumber) {
	for s := watch.Router; s < watch.Stations; s++ {
		st := &v.Stats[s]
		took := func(d time.Duration) *float64 {
			if st.Answers() == 0 {
				return nil
			}
			ms := diag.MS(d)
			return &ms
		}
		out = append(out, watchNumber{
			Station: s.String(), Asked: st.Asked, Lost: st.Lost, Mute: v.Mute[s],
			MinMS: took(st.Min), MedianMS: took(st.Quantile(0.5)), P95MS: took(st.Quantile(0.95)), MaxMS: took(st.Max),
		})
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*10) / 10 }
