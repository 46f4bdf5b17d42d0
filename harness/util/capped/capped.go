// Package capped keeps the beginning of what a program prints.
package capped

import (
	"bytes"
	"fmt"
)

// Buffer keeps the first Most bytes that are written to it. It takes the rest
// too, so that a program that prints too much ends as it would have. The inner
// buffer isn't embedded: its ReadFrom would bypass Write.
type Buffer struct {
	Most    int64
	Dropped int64 // bytes beyond Most
	kept    bytes.Buffer
}

// Write implements io.Writer. It always takes all of p.
func (b *Buffer) Write(p []byte) (int, error) {
	room := min(int64(len(p)), b.Most-int64(b.kept.Len()))
	b.kept.Write(p[:room])
	b.Dropped += int64(len(p)) - room
	return len(p), nil
}

// Bytes returns what was kept.
func (b *Buffer) Bytes() []byte { return b.kept.Bytes() }

// Noted returns what was kept, with a last line that says so where that isn't all.
func (b *Buffer) Noted() []byte {
	if b.Dropped == 0 {
		return b.Bytes()
	}
	return fmt.Appendf(bytes.Clone(b.Bytes()), "\n[output cut after %d bytes, %d more were dropped]\n", b.Most, b.Dropped)
}
