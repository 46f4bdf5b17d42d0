package apart

import (
	"strings"
	"testing"
)

func TestTail(t *testing.T) {
	var said tail
	said.Write([]byte(strings.Repeat("a", 5000)))
	said.Write([]byte("the end"))
	if got := said.said(); len(got) != len("; it wrote: ")+tailBytes || !strings.HasSuffix(got, "athe end") {
		t.Errorf("%d bytes kept, ending %q", len(got), got[len(got)-10:])
	}
}
