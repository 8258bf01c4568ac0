// Package plain is the wizard as numbered lines: for screen readers, for
// terminals that can do nothing else, and for logs. It drives the same state
// machine as the full screen and imports none of the screen's libraries.
//
// The rules of its output: whole lines only, no cursor movement, no colour,
// at most 78 columns; a status is a mark and a word; what is waited for is
// said with its seconds, at most every few seconds. The end of the input and
// the end of ctx never consent: they take back what was not decided.
package plain

import (
	"context"
	"io"
	"time"

	"deskside/diag/text"
	"deskside/tui/wizard"
)

// Run leads the conversation until the person leaves, the input ends or ctx
// does. When it returns nothing runs any more, except that a Read of in may
// still be blocked: an io.Reader cannot be interrupted. The error is the first
// one of writing to out, or ctx's when it ended; the end of the input is none.
func Run(ctx context.Context, w *wizard.Wizard, p *text.Printer, in io.Reader, out io.Writer) error {
	return Continue(ctx, w, wizard.Drive(ctx, w), p, in, out)
}

// Continue is Run for a conversation that has begun elsewhere, with the driver
// that runs its effects. It finishes the driver.
func Continue(ctx context.Context, w *wizard.Wizard, d *wizard.Driver, p *text.Printer, in io.Reader, out io.Writer) error {
	c := &conversation{w: w, out: &lines{p: p, w: out}, in: listen(in), driver: d, pace: defaultPace}
	return c.run(ctx)
}

// Print prints paragraphs as this front end does. What cannot be written is
// lost: it is for the last words of a program.
func Print(out io.Writer, p *text.Printer, paras []wizard.Para) {
	l := &lines{p: p, w: out}
	for _, para := range paras {
		l.para(para)
	}
}

// pace is how patient the conversation is.
type pace struct {
	beat  time.Duration // a page that is ready within this is printed once, ready
	word  time.Duration // at most one line per this says that something runs
	quiet time.Duration // a page that waits is given this long before the question is put all the same
}

// The looks themselves are bounded by five seconds (diag.Runner.Wall), so a
// page is normally ready before its question is put.
var defaultPace = pace{beat: 250 * time.Millisecond, word: 3 * time.Second, quiet: 6 * time.Second}

type conversation struct {
	w      *wizard.Wizard
	out    *lines
	in     *input
	driver *wizard.Driver
	pace   pace

	face    string // the page the conversation is on
	entered time.Time
	printed bool // the terminal shows it
	asked   bool // its question was put, so a line is awaited
	what    string
	said    time.Time // when something was last said about waiting
}

func (c *conversation) run(ctx context.Context) error {
	tick := time.NewTicker(max(time.Millisecond, min(c.pace.beat, c.pace.word)))
	defer tick.Stop()
	for !c.w.Over() && c.out.err == nil {
		c.show()
		select {
		case e := <-c.driver.Events():
			c.driver.Handle(e)
		case l := <-c.in.lines:
			if l.end {
				return c.gone(nil)
			}
			c.answer(l)
		case <-tick.C:
			c.wait()
		case <-ctx.Done():
			return c.gone(ctx.Err())
		}
	}
	return c.gone(nil)
}

// gone ends the conversation and says what became of what was not decided.
func (c *conversation) gone(err error) error {
	left := c.w.Over()
	if c.asked {
		c.out.put("\n") // the question was left unanswered
	}
	if !left && c.w.Undecided() == nil {
		c.out.say("", text.M("ui.plain.gone"))
	}
	if tx := c.w.Undecided(); tx != nil || c.w.Working() {
		c.out.say(c.out.mark(wizard.Caution), text.M("ui.plain.undecided"))
	}
	if back := c.driver.Finish(); back != nil {
		c.took(*back)
	}
	c.out.say("", text.M("ui.plain.bye"))
	if err == nil {
		err = c.out.err
	}
	return err
}

func (c *conversation) took(back wizard.UndoneMsg) {
	if back.Err != nil {
		c.out.say(c.out.mark(wizard.Bad), text.M("ui.undo.failed"))
		c.out.say("", text.M("ui.failed", "Why", back.Err.Error()))
		c.out.raw(commandMark, "deskside recover")
		return
	}
	c.out.say(c.out.mark(wizard.Good), text.M("ui.undo.done"))
}

// show prints the page when the terminal shows another one, and puts its
// question when there is one to answer.
func (c *conversation) show() {
	page := c.w.Page()
	if f := face(page); f != c.face {
		c.face, c.entered, c.printed, c.asked = f, time.Now(), false, false
	}
	if !c.printed {
		if page.Busy != nil && !page.Locked && time.Since(c.entered) < c.pace.beat {
			return
		}
		c.out.page(page)
		c.printed, c.said, c.what = true, time.Now(), busyWith(page)
	}
	if c.asked || page.Locked || page.Busy != nil && time.Since(c.entered) < c.pace.quiet {
		return
	}
	c.out.choices(page)
	c.ask()
}

// ask awaits one line. What lies in the buffer already was typed before the
// question: it may turn pages, but it consents to nothing.
func (c *conversation) ask() {
	c.asked = true
	c.out.prompt(c.w.Page())
	c.in.next()
}

// wait says that something still runs; while a fix runs, also that it has come
// to its next part.
func (c *conversation) wait() {
	page := c.w.Page()
	next := page.Locked && busyWith(page) != c.what
	if page.Busy == nil || !c.printed || c.asked || !next && time.Since(c.said) < c.pace.word {
		return
	}
	c.said, c.what = time.Now(), busyWith(page)
	c.out.busy(page.Busy)
}

func busyWith(p wizard.Page) string {
	if p.Busy == nil {
		return ""
	}
	return p.Busy.What.Key
}

// answer makes the choice that a line names. A line that names none is asked
// for again.
func (c *conversation) answer(l line) {
	page := c.w.Page()
	c.asked = false
	choice, ok := chosen(page, l.text)
	switch {
	case !ok && page.Entry != nil && l.text != "":
		c.driver.Enter(l.text)
		if face(c.w.Page()) == c.face { // refused, for the same reason as before
			c.ask()
		}
	case !ok:
		c.out.say("", text.M("ui.plain.bad", "Count", len(page.Choices)))
		c.ask()
	case choice.Consent && l.early:
		c.out.say("", text.M("ui.plain.early"))
		c.ask()
	default:
		c.driver.Choose(choice.ID)
		if page := c.w.Page(); !c.w.Over() && face(page) == c.face { // it changed nothing that is shown
			if page.Busy != nil {
				c.out.busy(page.Busy) // the same choices; what they wait for may have changed
			} else {
				c.out.choices(page)
			}
			c.ask()
		}
	}
}
