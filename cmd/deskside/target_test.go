package main

import (
	"strings"
	"testing"
)

// TestTargetsThatAreNone: one line that says what to write instead, exit code
// 3, nothing looked at, and nothing of what was typed repeated.
func TestTargetsThatAreNone(t *testing.T) {
	for in, says := range map[string]string{
		"": "Name what does not work", "www example com": "no spaces", "shop\x1b[2J.example": "control characters",
		"https://joe:secret7@shop.example/": "user name and password", "joe:secret7@shop.example": "user name and password",
		"bücher.example": "xn--", "fe80::1%eth0": "zone", "shop.example:0": "65535", "shop.example:99999": "65535",
		"ftp://shop.example/": "http://", "1.2.3": "no host name", "[::1": "no host name",
	} {
		got := command(t, "", "check", "--target", in)
		if got.code != exitUsage || got.out != "" || strings.Count(got.err, "\n") != 1 || !strings.Contains(got.err, says) {
			t.Errorf("%q: exit %d, %q", in, got.code, got.err)
		}
		if strings.Contains(got.err, "secret7") || strings.ContainsRune(got.err, '\x1b') {
			t.Errorf("%q is repeated: %q", in, got.err)
		}
	}
}

// TestServicesThatAreNone: the configuration is refused as a whole.
func TestServicesThatAreNone(t *testing.T) {
	cfg := file(t, "c.toml", "[probe]\nservices = [\"shop.example\", \"ftp://shop.example/\"]\n")
	got := command(t, "", "--config", cfg, "version")
	if got.code != exitUsage || !strings.Contains(got.err, "probe.services") || strings.Count(got.err, "\n") != 1 {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
}

// TestTargetCheckNeedsOne: the check alone has nothing to look at.
func TestTargetCheckNeedsOne(t *testing.T) {
	got := command(t, "", "check", "target")
	if got.code != exitUsage || !strings.Contains(got.err, "--target") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
}
