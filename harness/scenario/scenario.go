// Package scenario is what the tests of scenarios/ have in common: the stack
// that all test binaries of one `go test` share, names that no other test uses,
// and the rows that flow.
package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab/harness/keeper"
	"hoplab/harness/place"
	"hoplab/harness/reexec"
)

// bootLimit is for the slowest machine with an empty cache; components have
// limits of their own.
const bootLimit = 20 * time.Minute

// Main is the TestMain of a package of scenarios.
func Main(m *testing.M) {
	reexec.Run(map[string]reexec.Role{
		keeper.RoleName: keeper.Role,
	})
	os.Exit(m.Run())
}

// Stack is what a test has of the shared stack.
type Stack struct {
	t      *testing.T
	client *keeper.Client
	state  keeper.State
	names  []string
}

// Need returns the shared stack with the named components ready, and starts
// those that aren't up yet. A component that fails, now or while the test runs,
// fails the test with its log's tail.
func Need(t *testing.T, components ...string) *Stack {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	client, err := keeper.Start(ctx, config(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{t: t, client: client, names: components}
	if err := client.Ensure(ctx, components, nil); err != nil {
		t.Fatal(err)
	}
	if s.state, err = client.State(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.check)
	return s
}

// config describes the keeper that all packages of this `go test` share: it is
// named after, and ends with, the process that started the test binaries.
func config(t *testing.T) keeper.Config {
	t.Helper()
	runs, err := place.Runs()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := place.Cache()
	if err != nil {
		t.Fatal(err)
	}
	owner := testRun()
	return keeper.Config{Dir: filepath.Join(runs, fmt.Sprintf("test-%d", owner)), Cache: cache, Owner: owner}
}

// check says of a test that failed whether a component is to blame.
func (s *Stack) check() {
	if err := s.client.Check(context.Background(), s.names); err != nil {
		s.t.Error(err)
	}
}

// Addr returns where a component's port is reached, as host:port.
func (s *Stack) Addr(component, port string) string { return s.state.Addr(component, port) }

// Name returns a name for a topic, an index or a table that is the test's own:
// lower case, as an index wants it, and different at each run.
func (s *Stack) Name(base string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(s.t.Name()))
	return fmt.Sprintf("%s_%s_%x", base, clean, time.Now().UnixNano()&0xffffff)
}
