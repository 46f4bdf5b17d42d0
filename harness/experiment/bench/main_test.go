package bench

import (
	"os"
	"testing"

	"hoplab.example/harness/run/roles"
)

// The test binary is also the keeper that it starts, and the built-in broker.
func TestMain(m *testing.M) {
	roles.Run()
	os.Exit(m.Run())
}
