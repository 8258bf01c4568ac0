package internet

import (
	"io"
	"log"
)

func quiet() *log.Logger { return log.New(io.Discard, "", 0) }

// childVariable marks a run of this test binary inside a network namespace.
const childVariable = "DESKSIDE_TEST_CHILD"
