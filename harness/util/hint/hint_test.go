package hint

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestOf(t *testing.T) {
	inner := With(io.EOF, "connect again\n")
	for _, c := range []struct {
		err  error
		want string
	}{
		{nil, ""},
		{io.EOF, ""},
		{inner, "connect again"},
		{fmt.Errorf("read: %w", inner), "connect again"},
		{errors.Join(io.ErrClosedPipe, inner), "connect again"},
		{With(inner, "the outer one"), "the outer one"},
	} {
		if got := Of(c.err); got != c.want {
			t.Errorf("Of(%v) = %q, want %q", c.err, got, c.want)
		}
	}
	if !errors.Is(inner, io.EOF) || inner.Error() != "EOF" {
		t.Errorf("With hides its error: %v", inner)
	}
}
