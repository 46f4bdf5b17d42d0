package component

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestLongRunsCompileWell: in a long run no JVM is held to the quick compiler.
func TestLongRunsCompileWell(t *testing.T) {
	for _, c := range All() {
		if c.Program.Builtin != "" || c.Program.Binary.Name != "" || slices.Contains([]string{"kibana", "grafana", "superset"}, c.Name) {
			continue // no JVM
		}
		for _, long := range []bool{false, true} {
			s := site(c)
			s.Long = long
			p := c.Process(s)
			if quick := strings.Contains(fmt.Sprint(p.Command, p.Files), quickCompiler); quick == long {
				t.Errorf("%s, long %v: the quick compiler alone: %v", c.Name, long, quick)
			}
		}
	}
}
