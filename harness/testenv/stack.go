package testenv

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
)

// bootLimit is for the slowest machine with an empty cache; components have
// limits of their own.
const bootLimit = 20 * time.Minute

func newEnv(t *testing.T, r *run.Run) *Env {
	e := &Env{t: t, run: r}
	e.MQTT.e, e.Kafka.e, e.Flink.e, e.Elasticsearch.e = e, e, e, e
	return e
}

// Need returns the shared stack with the named components ready, and starts
// those that aren't up yet. The built-in broker takes the place of a mosquitto that
// isn't there. A component that fails, now or while the test runs, fails the test
// with its log's tail.
func Need(t *testing.T, components ...string) *Env {
	t.Helper()
	return ready(t, components, anyBroker)
}

// Exactly is Need for a test of one MQTT broker: it is skipped where there is none.
func Exactly(t *testing.T, components ...string) *Env {
	t.Helper()
	return ready(t, components, exactBroker)
}

func ready(t *testing.T, components []string, broker func(*testing.T, host, []string) []string) *Env {
	t.Helper()
	if !mainRan {
		t.Fatal("this package has no TestMain that can start servers; add: func TestMain(m *testing.M) { testenv.Main(m) }")
	}
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
	name := strings.Join(append([]string{fmt.Sprintf("test-%d", config.Owner)}, added...), "-")
	return start(t, name, config, components, func(e *Env) { e.attached = file })
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
func start(t *testing.T, name string, config keeper.Config, components []string, started func(*Env)) *Env {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bootLimit)
	defer cancel()
	r, err := run.Start(ctx, name, config, components)
	if err != nil {
		t.Fatal(err)
	}
	e := newEnv(t, r)
	started(e)
	if err := r.Ready(ctx, nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.check)
	return e
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

// check fails the test with the error of a component that has failed.
func (e *Env) check() {
	if err := e.run.Client.Check(context.Background(), e.run.Names); err != nil {
		e.t.Error(err)
	}
}
