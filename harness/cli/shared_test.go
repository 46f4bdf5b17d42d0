package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/ui"
)

// shared is the run of tests that neither end nor disturb what is up: it boots
// once, as processes, and ends after the last test.
var shared struct {
	boot   sync.Once
	dir    string // of runs
	client *keeper.Client
	err    error
}

// sharedRun gives the test the shared run, as one that the user has left up.
func sharedRun(t *testing.T) {
	t.Helper()
	heavy(t)
	shared.boot.Do(func() { shared.err = bootShared(t) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	t.Setenv("HOPLAB_RUNS", shared.dir)
	t.Setenv("HOPLAB_RUNTIME", "local")
}

// usualBroker is the MQTT broker that 'lab run' takes by default.
func usualBroker(t *testing.T) string {
	t.Helper()
	return (&app{err: ui.New(t.Output())}).installedBroker()
}

func bootShared(t *testing.T) (err error) {
	if shared.dir, err = os.MkdirTemp("", "lab-test-"); err != nil {
		return err
	}
	if err = os.Chmod(shared.dir, 0o711); err != nil { // as in ownRuns
		return err
	}
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	config := keeper.Config{Dir: filepath.Join(shared.dir, "lab"), Cache: cache, Runtime: "local", Owner: os.Getpid()}
	if shared.client, err = keeper.Start(t.Context(), config); err != nil {
		return err
	}
	return shared.client.Ensure(t.Context(), []string{
		usualBroker(t), "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch",
	}, nil)
}

// endShared ends the shared run, and checks that no test has left another.
func endShared() error {
	if shared.client == nil {
		return nil
	}
	defer os.RemoveAll(shared.dir)
	err := shared.client.Stop(context.Background())
	left, listed := keeper.List(context.Background(), shared.dir, nil)
	for _, c := range left {
		err = errors.Join(err, fmt.Errorf("the run %s is still up", c.Name()), c.Stop(context.Background()))
	}
	return errors.Join(err, listed)
}
