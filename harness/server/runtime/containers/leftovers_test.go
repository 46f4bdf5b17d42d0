package containers_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/wait"
)

// count returns how many containers, networks and volumes carry a run's label.
func count(t *testing.T, e *image.Engine, dir string) int {
	t.Helper()
	filters := client.Filters{}.Add("label", "hoplab.run="+dir)
	found, err := e.ContainerList(t.Context(), client.ContainerListOptions{All: true, Filters: filters})
	if err != nil {
		t.Fatal(err)
	}
	networks, err := e.NetworkList(t.Context(), client.NetworkListOptions{Filters: filters})
	if err != nil {
		t.Fatal(err)
	}
	volumes, err := e.VolumeList(t.Context(), client.VolumeListOptions{Filters: filters})
	if err != nil {
		t.Fatal(err)
	}
	return len(found.Items) + len(networks.Items) + len(volumes.Items)
}

// taken returns a port of loopback on which something listens.
func taken(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().(*net.TCPAddr).Port
}

// TestFailingStartsLeaveNothing has eight starts fail, each in one of the ways in which
// they do. Engines have room for about 30 networks.
func TestFailingStartsLeaveNothing(t *testing.T) {
	e := engine(t)
	noCommand := shell("")
	noCommand.Process = func(component.Site) component.Process {
		return component.Process{Command: []string{"/no/such/program"}}
	}
	for _, c := range []component.Component{shell("exit 1"), noCommand, badFile(), shell("exit 1"), noCommand, badFile()} {
		rt, dir := newRuntime(t)
		if _, err := runtime.Boot(t.Context(), rt, c, quiet); err == nil {
			t.Error("a start that can't work has worked")
		}
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
		if left := count(t, e, dir); left != 0 {
			t.Errorf("%d things are left after a failed start", left)
		}
	}
	for range 2 { // one that is called off in its middle
		rt, dir := newRuntime(t)
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
		if _, err := runtime.Boot(ctx, rt, shell("sleep 60"), quiet); err == nil {
			t.Error("a start that was called off has worked")
		}
		cancel()
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
		if left := count(t, e, dir); left != 0 {
			t.Errorf("%d things are left after a start that was called off", left)
		}
	}
}

// badFile is a component one of whose files can't be copied into its container.
func badFile() component.Component {
	c := shell("sleep 60")
	c.Process = func(component.Site) component.Process {
		return component.Process{Command: []string{"sleep", "60"}, Files: []component.File{{Path: "../../etc/passwd/no", Text: "x"}}}
	}
	return c
}

func stack(t *testing.T, dir string, owner int, ports map[string]int) (*keeper.Client, error) {
	t.Helper()
	c, err := keeper.Start(t.Context(), keeper.Config{Dir: dir, Runtime: "containers", Owner: owner, Ports: ports})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		c.Stop(ctx) // where it still runs
	})
	return c, c.Ensure(t.Context(), []string{"mosquitto"}, nil)
}

// TestFailedStackLeavesOnlyLogs: of a stack that couldn't start, the engine has nothing
// once it has ended, and the logs stay.
func TestFailedStackLeavesOnlyLogs(t *testing.T) {
	e := engine(t)
	dir := filepath.Join(t.TempDir(), "run")
	c, err := stack(t, dir, os.Getpid(), map[string]int{"mosquitto.mqtt": taken(t)})
	if err == nil {
		t.Fatal("mosquitto has taken a port where something else listens")
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := count(t, e, dir); left != 0 {
		t.Errorf("%d things are left", left)
	}
	if _, err := os.Stat(filepath.Join(dir, "mosquitto.log")); err != nil {
		t.Error(err)
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	proc.Kill(pid)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := wait.Until(ctx, 10*time.Millisecond, func() (bool, error) { return !proc.Alive(pid), nil }); err != nil {
		t.Fatal(err)
	}
}

// TestKilledRunIsSwept has two stacks up at once, and ends one of them by kill -9 of its
// owner, as which a run counts, and of its keeper. The next command removes what it has
// left, and nothing of the other, which then ends in order.
func TestKilledRunIsSwept(t *testing.T) {
	e := engine(t)
	owner := exec.Command("sleep", "600")
	proc.Detach(owner) // kill ends a whole group
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	go owner.Wait()
	runs := t.TempDir()
	dir, other := filepath.Join(runs, "killed"), filepath.Join(runs, "other")
	c, err := stack(t, dir, owner.Process.Pid, nil)
	if err != nil {
		t.Fatal(err)
	}
	second, err := stack(t, other, os.Getpid(), nil)
	if err != nil {
		t.Fatal(err)
	}
	state, err := c.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	kill(t, state.PID)
	kill(t, owner.Process.Pid)
	if left := count(t, e, dir); left == 0 {
		t.Fatal("nothing was left to sweep")
	}
	if up, err := keeper.List(t.Context(), runs, nil); err != nil || len(up) != 1 || up[0].Name() != "other" {
		t.Errorf("stacks: %v, %v", up, err)
	}
	if left, others := count(t, e, dir), count(t, e, other); left != 0 || others < 2 {
		t.Errorf("%d things are left, and %d of the other; want 0, and 2 at least", left, others)
	}
	if err := second.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if left := count(t, e, other); left != 0 {
		t.Errorf("%d things are left after an orderly end", left)
	}
}
