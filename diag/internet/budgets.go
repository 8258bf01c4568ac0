package internet

import "time"

// The budgets are per stage, not per request: a path that answers slowly goes
// on to the next stage, a silent one ends after one stage. So a satellite line
// with 600 ms round trips stays healthy (resolve 0.6 + connect 0.6 + answer
// 0.6 = 1.8 s; TLS 1.2 takes 2.4 s), and silence is known after 1.5 s.
const (
	// resolveBudget leaves package dns its own 1.2 s and some slack.
	resolveBudget = 1500 * time.Millisecond
	// connectBudget holds one retransmitted SYN, which the kernel sends after
	// 1 s (RFC 6298, 2.1), and half a second for its answer.
	connectBudget = 1500 * time.Millisecond
	// answerBudget is for one round trip and the server's own time.
	answerBudget = 1500 * time.Millisecond
	// proxiedBudget: the proxy resolves, connects and asks in our stead, which
	// is three round trips of 600 ms.
	proxiedBudget = 2100 * time.Millisecond
	// handshakeBudget is two round trips of 600 ms (TLS 1.2, RFC 5246, 7.3)
	// and the server's own time.
	handshakeBudget = 2 * time.Second
	// dateBudget is how long a chain that does not verify now waits for a web
	// answer to tell the time.
	dateBudget = 1 * time.Second
	// lateWait is, on top of two round trips, what an anchor gets when all the
	// rest works.
	lateWait = 100 * time.Millisecond
	// retransAfter is when the first SYN has been retransmitted for certain.
	retransAfter = 1150 * time.Millisecond
	// stagger between connects to several addresses of one name (RFC 8305, 5).
	stagger = 250 * time.Millisecond
)

// Deadlines of whole probes: the stages in a row and generous slack, so that
// it is always a stage that ends first and says why, on a machine that is held
// up too (an emulated PC lost its first connects with 250 ms). Slack costs
// nothing: a probe ends when its stages have.
const (
	slack            = time.Second
	anchorsBudget    = connectBudget + slack
	webBudget        = resolveBudget + connectBudget + answerBudget + slack
	proxiedWebBudget = resolveBudget + connectBudget + proxiedBudget + slack
	tlsBudget        = resolveBudget + connectBudget + handshakeBudget + dateBudget + slack
)

// Limits on what a stranger may make us read.
const (
	maxAnswer   = 64 << 10 // bytes of an HTTP answer, headers and body
	maxRedirect = 1024     // bytes of a Location that are kept
)
