package sandbox

import (
	"bytes"
	"fmt"
)

// capped keeps the first bytes that are written to it. It takes the rest too,
// so that a script that writes too much ends as it would have.
type capped struct {
	kept    bytes.Buffer
	most    int64
	dropped int64
}

func (c *capped) Write(p []byte) (int, error) {
	room := min(int64(len(p)), c.most-int64(c.kept.Len()))
	c.kept.Write(p[:room])
	c.dropped += int64(len(p)) - room
	return len(p), nil
}

// result returns what was kept, with a note where that isn't all.
func (c *capped) result() []byte {
	if c.dropped > 0 {
		fmt.Fprintf(&c.kept, "\n[output cut after %d bytes, %d more were dropped]\n", c.most, c.dropped)
	}
	return c.kept.Bytes()
}
