// Package scenario is what the tests of scenarios/ have in common besides the servers,
// which are testenv's: the lab's pipeline, and the rows that flow.
package scenario

import (
	"context"
	"strings"
	"testing"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run/roles"
	"hoplab.example/harness/testenv"
)

// Main is the TestMain of a package of scenarios.
func Main(m testenv.Tests) {
	roles.Run()
	testenv.Main(m)
}

// Stack is what a test has of the servers, and of the pipeline over them.
type Stack struct {
	*testenv.Env
	t *testing.T
}

// Need is [testenv.Need] for the lab's pipeline.
func Need(t *testing.T, components ...string) *Stack {
	t.Helper()
	return &Stack{testenv.Need(t, components...), t}
}

// Exactly is [testenv.Exactly] for the lab's pipeline.
func Exactly(t *testing.T, components ...string) *Stack {
	t.Helper()
	return &Stack{testenv.Exactly(t, components...), t}
}

// NeedImage is [testenv.NeedImage] for the lab's pipeline.
func NeedImage(t *testing.T, component string, others ...string) *Stack {
	t.Helper()
	return &Stack{testenv.NeedImage(t, component, others...), t}
}

// Own is [testenv.Own] for the lab's pipeline.
func Own(t *testing.T, versions string, components ...string) *Stack {
	t.Helper()
	return &Stack{testenv.Own(t, versions, components...), t}
}

// Disturbed is [testenv.Disturbed] for the lab's pipeline.
func Disturbed(t *testing.T, components ...string) *Stack {
	t.Helper()
	return &Stack{testenv.Disturbed(t, components...), t}
}

// Pipeline returns the pipeline's steps on the stack, with names that no
// other test uses. On a cluster that others use too, what the test makes is removed
// at its end.
func (s *Stack) Pipeline() pipeline.Pipeline {
	s.t.Helper()
	p := pipeline.Pipeline{Sites: s.Run(), Broker: s.Broker(), Access: s.Access(), Shared: s.Run().Folder()}
	attached := s.Attached()
	if attached == nil {
		p.Names = pipeline.NewNames(s.Name("t"))
		return p
	}
	p.Names = pipeline.NewNames(strings.TrimPrefix(s.Name("t"), attached.Prefix+"-")).Prefixed(attached.Prefix)
	if err := cleanup.Claim(s.t.Context(), p); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := cleanup.Remove(context.Background(), p); err != nil {
			s.t.Error(err)
		}
	})
	return p
}
