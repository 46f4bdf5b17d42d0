package cli

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestProgressFitsTheTerminal: each lab is one line of 80 columns.
func TestProgressFitsTheTerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	printed := runLab(t, "progress")
	printed.want(t, exitOK)
	if !strings.Contains(printed.out, "work/13-bad-rows\n") {
		t.Errorf("no lab 13:\n%s", printed.out)
	}
	for _, line := range strings.Split(printed.out, "\n") {
		if n := ansi.StringWidth(line); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}
