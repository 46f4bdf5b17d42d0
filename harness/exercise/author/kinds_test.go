package author

import (
	"testing"

	"hoplab.example/harness/util/golden"
)

// TestKinds: docs/kinds.md is what the kinds of checks say of themselves.
func TestKinds(t *testing.T) { golden.Check(t, "../../../docs/kinds.md", Kinds()) }
