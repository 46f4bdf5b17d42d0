package cli

import (
	"strings"
	"testing"
)

func TestCompletion(t *testing.T) {
	ownRuns(t)
	for _, c := range []struct{ words, want string }{
		{"work ", "3\tThe topic as a table\n"},
		{"hint ", "7\tA restart that loses nothing\n"},
		{"work 3 ", ":4\n"}, // nothing, and no files either
		{"run --stack ", "classic\nseed\ncurrent\n"},
		{"dev images --stack ", "seed\n"},
		{"stacks ", "seed\n"},
		{"run --runtime ", "attach\ncontainers\nlocal\n"},
		{"open fl", "flink\n"},
		{"dev fa", "faults\t"},
		{"logs ", ":4\n"},
		{"down ", ":4\n"},
		{"completion ba", "bash\t"},
	} {
		r := runLab(t, append([]string{"__complete"}, strings.Split(c.words, " ")...)...)
		r.want(t, exitOK)
		if !strings.HasPrefix(r.out, c.want) && !strings.Contains(r.out, "\n"+c.want) {
			t.Errorf("%q is completed by\n%swant %q", c.words, r.out, c.want)
		}
	}
}
