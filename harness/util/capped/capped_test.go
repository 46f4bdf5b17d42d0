package capped

import (
	"io"
	"strings"
	"testing"
)

func TestBuffer(t *testing.T) {
	b := &Buffer{Most: 5}
	for _, text := range []string{"abc", "", "defg"} {
		if n, err := io.Copy(b, strings.NewReader(text)); err != nil || n != int64(len(text)) {
			t.Errorf("%q: %d bytes were taken, %v", text, n, err)
		}
	}
	if string(b.Bytes()) != "abcde" || b.Dropped != 2 {
		t.Errorf("kept %q, dropped %d", b.Bytes(), b.Dropped)
	}
	for range 2 {
		if got := string(b.Noted()); got != "abcde\n[output cut after 5 bytes, 2 more were dropped]\n" {
			t.Errorf("got %q", got)
		}
	}
	if got := string((&Buffer{Most: 5}).Noted()); got != "" {
		t.Errorf("nothing was written, and it says %q", got)
	}
}
