package scenario

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
)

// stopLimit is how long taking a stack down may take: at their first end, JVMs
// write their archives of classes.
const stopLimit = 90 * time.Second

// Own returns a stack of the test's own, as processes, with the named components
// ready. It ends with the test. A test that needs other versions than all others
// is skipped where those don't run as processes either.
func Own(t *testing.T, versions string, components ...string) *Stack {
	t.Helper()
	if asked := os.Getenv(choose.Variable); asked != "" && asked != "local" {
		t.Skipf("skipped because the versions of the stack %s are started as processes only, and %s is %s", versions, choose.Variable, asked)
	}
	return own(t, versions, "local", components)
}

// Disturbed returns a stack of the test's own, in the runtime that all tests use,
// with connections that can be cut and servers that can be killed: no other test
// must meet that.
func Disturbed(t *testing.T, components ...string) *Stack {
	t.Helper()
	versions, err := version.Find(version.Faults)
	if err != nil {
		t.Fatal(err)
	}
	runtime := chosen(t, versions)
	if runtime == "attach" {
		t.Skipf("skipped because servers that run elsewhere are neither killed nor paused")
	}
	return own(t, version.Faults, runtime, components)
}

// Client is the keeper's of the stack.
func (s *Stack) Client() *keeper.Client { return s.client }

func own(t *testing.T, versions, runtime string, components []string) *Stack {
	t.Helper()
	components = exactBroker(t, host{runtime: runtime}, components)
	found, err := version.Find(versions)
	if err != nil {
		t.Fatal(err)
	}
	runs, err := dirs.Runs()
	if err != nil {
		t.Fatal(err)
	}
	cache, err := dirs.Cache()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	client, err := keeper.Start(ctx, keeper.Config{
		Dir: filepath.Join(runs, fmt.Sprintf("test-%d-%s", os.Getpid(), versions)), Cache: cache, Runtime: runtime, Stack: versions, Owner: os.Getpid(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
		defer cancel()
		if err := client.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	s := &Stack{t: t, client: client, names: found.Needed(components...)}
	if err := client.Ensure(ctx, s.names, nil); err != nil {
		t.Fatal(err)
	}
	if s.state, err = client.State(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.check)
	return s
}

// AsProcesses skips a test of which once is enough, where the runtime that was asked
// for is another: what is tried, a plural, takes minutes.
func AsProcesses(t *testing.T, what string) {
	t.Helper()
	if runtime := os.Getenv(choose.Variable); runtime == "attach" || runtime == "containers" {
		t.Skipf("skipped because %s are tried with servers as processes only: they take minutes, and differ in nothing elsewhere", what)
	}
}
