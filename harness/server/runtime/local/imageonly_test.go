package local

import (
	"errors"
	"strings"
	"testing"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
)

// TestImageOnly asks for what no process can be.
func TestImageOnly(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	c := component.Kibana()
	c.Program.Image.Name = "kibana:1.2.3"
	_, err := runtime.Boot(t.Context(), rt, c, quiet)
	var only *ImageOnlyError
	if !errors.As(err, &only) {
		t.Fatalf("error = %v, want an *ImageOnlyError", err)
	}
	for _, want := range []string{"kibana", "no package", "kibana:1.2.3"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
	if !strings.Contains(only.Hint(), "--runtime containers") {
		t.Errorf("hint = %q", only.Hint())
	}
}
