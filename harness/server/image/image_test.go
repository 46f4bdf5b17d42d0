package image_test

import (
	"errors"
	"strings"
	"testing"

	"hoplab.example/harness/server/image"
)

func TestMissingErrorSaysWhatToDo(t *testing.T) {
	cause := errors.New("no such host")
	cases := []struct {
		err        image.MissingError
		text, hint string
	}{
		{image.MissingError{Component: "kafka", Public: "apache/kafka:1.2.3", Built: "hoplab/kafka:1", Cause: cause}, "apache/kafka:1.2.3 can't be pulled (no such host), and hoplab/kafka:1 is not there", "lab dev images build"},
		{image.MissingError{Component: "kibana", Public: "kibana:1.2.3", Cause: cause}, "no such host), and hoplab can build none", "lab images load"},
	}
	for _, c := range cases {
		if !strings.Contains(c.err.Error(), c.text) || !strings.Contains(c.err.Hint(), c.hint) {
			t.Errorf("%q, hint %q; want %q and %q", c.err.Error(), c.err.Hint(), c.text, c.hint)
		}
	}
}
