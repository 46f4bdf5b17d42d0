package testenv

import (
	"os"
	"testing"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/need"
)

// Own returns a stack of the test's own, as processes, with the named components
// ready, which ends with the test. The test is skipped where the other tests run their
// components in containers, or attach to them.
func Own(t *testing.T, versions string, components ...string) *Env {
	t.Helper()
	notShort(t, components)
	if asked := os.Getenv(choose.Variable); asked != "" && asked != "local" {
		t.Skipf("skipped because the versions of the stack %s are started as processes only, and %s is %s", versions, choose.Variable, asked)
	}
	return own(t, versions, "local", components)
}

// Disturbed returns a stack of the test's own, in the runtime that all tests use,
// with connections that can be cut and servers that can be killed, which no other test
// must meet.
func Disturbed(t *testing.T, components ...string) *Env {
	t.Helper()
	notShort(t, components)
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

func own(t *testing.T, versions, runtime string, components []string) *Env {
	t.Helper()
	components = exactBroker(t, host{runtime: runtime}, components)
	found, err := version.Find(versions)
	if err != nil {
		t.Fatal(err)
	}
	components = found.Needed(components...)
	described, err := found.ByName(components...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range described {
		if runtime == "local" {
			need.Java(t, c.Program.Java)
		}
	}
	name := run.Own("test") + "-" + versions
	return start(t, name, keeper.Config{Runtime: runtime, Stack: versions}, components, func(e *Env) {
		t.Cleanup(func() {
			if err := e.run.Stop(); err != nil {
				t.Error(err)
			}
		})
	})
}

// AsProcesses skips a test that is made with servers as processes only, where another
// runtime was asked for. what, a plural, is what the test tries and takes minutes.
func AsProcesses(t *testing.T, what string) {
	t.Helper()
	if runtime := os.Getenv(choose.Variable); runtime == "attach" || runtime == "containers" {
		t.Skipf("skipped because %s are tried with servers as processes only: they take minutes, and differ in nothing elsewhere", what)
	}
}
