// Package scenario is what the tests of scenarios/ have in common: the stack
// that all test binaries of one `go test` share, names that no other test uses,
// and the rows that flow.
package scenario

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/run"
	"hoplab.example/harness/run/roles"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
)

// bootLimit is for the slowest machine with an empty cache; components have
// limits of their own.
const bootLimit = 20 * time.Minute

// Main is the TestMain of a package of scenarios.
func Main(m *testing.M) {
	roles.Run()
	os.Exit(m.Run())
}

// Stack is what a test has of a run: the shared one, or one of its own.
type Stack struct {
	t   *testing.T
	run *run.Run
	// attached says where components are that run already; nil where the stack is
	// the tests' own.
	attached *attach.File
}

// Need returns the shared stack with the named components ready, and starts
// those that aren't up yet. The built-in broker takes the place of a mosquitto that
// isn't there. A component that fails, now or while the test runs, fails the test
// with its log's tail.
func Need(t *testing.T, components ...string) *Stack {
	t.Helper()
	return ready(t, components, anyBroker)
}

// Exactly is Need for a test of one MQTT broker: it is skipped where there is none.
func Exactly(t *testing.T, components ...string) *Stack {
	t.Helper()
	return ready(t, components, exactBroker)
}

func ready(t *testing.T, components []string, broker func(*testing.T, host, []string) []string) *Stack {
	t.Helper()
	notShort(t, components)
	versions, err := version.Find(version.Wanted(""))
	if err != nil {
		t.Fatal(err)
	}
	config, file := config(t, versions)
	components = broker(t, host{config.Runtime, file}, components)
	if file == nil {
		components = versions.Needed(components...)
	} else if err := file.Require(components); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test-%d", config.Owner)
	return start(t, name, config, components, func(s *Stack) { s.attached = file })
}

// notShort skips a test that needs more than the brokers where -short is given.
func notShort(t *testing.T, components []string) {
	t.Helper()
	isServer := func(name string) bool { return !slices.Contains(Brokers, name) }
	if testing.Short() && slices.ContainsFunc(components, isServer) {
		t.Skip("skipped because of -short: it starts servers")
	}
}

// start returns a test's stack with the named components ready. started is called
// before they are.
func start(t *testing.T, name string, config keeper.Config, components []string, started func(*Stack)) *Stack {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	r, err := run.Start(ctx, name, config, components)
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{t: t, run: r}
	started(s)
	if err := r.Ready(ctx, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.check)
	return s
}

// config describes the keeper that all packages of this `go test` share: it is
// named after, and ends with, the process that started the test binaries.
// HOPLAB_RUNTIME says in which runtime, HOPLAB_STACK with which versions.
func config(t *testing.T, versions version.Stack) (keeper.Config, *attach.File) {
	t.Helper()
	config := keeper.Config{Runtime: chosen(t, versions), Stack: versions.Name, Owner: testRun()}
	if config.Runtime != "attach" {
		return config, nil
	}
	file, err := choose.File("")
	if err != nil {
		t.Fatal(err)
	}
	config.Attach = file.Path
	return config, file
}

// chosen returns the runtime. Where nobody has asked for one, it is containers
// only if all components can run in them, so that it is the same for all
// packages of a `go test`. Components that run only in containers don't count.
func chosen(t *testing.T, versions version.Stack) string {
	t.Helper()
	choice, err := choose.Runtime(t.Context(), "", versions.Packaged())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s runtime: %s", choice.Name, choice.Why)
	return choice.Name
}

// State is what the keeper knew when all components were ready.
func (s *Stack) State() keeper.State { return s.run.State }

// Client asks the keeper of the stack.
func (s *Stack) Client() *keeper.Client { return s.run.Client }

// check fails the test with the error of a component that has failed.
func (s *Stack) check() {
	if err := s.run.Client.Check(context.Background(), s.run.Names); err != nil {
		s.t.Error(err)
	}
}

// Addr returns where a component's port is reached, as host:port.
func (s *Stack) Addr(component, port string) string { return s.run.Addr(component, port) }

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
