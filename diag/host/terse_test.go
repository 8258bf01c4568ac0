package host

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// TestTerse: what is said over a terse connection arrives both ways, and it
// ends by a reset; any other ends the long way.
func TestTerse(t *testing.T) {
	for _, terse := range []bool{true, false} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		end := make(chan error, 1)
		go func() {
			conn, err := listener.Accept()
			if err != nil {
				end <- err
				return
			}
			defer conn.Close()
			word := make([]byte, 3)
			if _, err = io.ReadFull(conn, word); err == nil {
				_, err = conn.Write(word)
			}
			if err == nil {
				_, err = conn.Read(word)
			}
			end <- err
		}()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		conn, err := Local{}.Dial(ctx, DialOptions{Terse: terse}, "tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		word := make([]byte, 3)
		if _, err := conn.Write([]byte("yes")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, word); err != nil || string(word) != "yes" {
			t.Fatalf("heard %q, %v", word, err)
		}
		conn.Close()
		want := io.EOF
		if terse {
			want = syscall.ECONNRESET
		}
		if got := <-end; !errors.Is(got, want) {
			t.Errorf("terse %v: the other end saw %v, want %v", terse, got, want)
		}
	}
}
