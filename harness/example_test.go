package harness

import (
	"os/exec"
	"testing"
)

// TestExample: the module of examples/orders, which requires this one, has all that this
// one requires; `go mod tidy` there adds what is missing.
func TestExample(t *testing.T) {
	list := exec.CommandContext(t.Context(), "go", "list", "-mod=readonly", "-test", "-deps", "./...")
	list.Dir = "../examples/orders"
	if said, err := list.CombinedOutput(); err != nil {
		t.Errorf("%v: %.500s", err, said)
	}
}
