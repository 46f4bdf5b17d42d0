package containers_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/containers"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/reexec"
)

func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{keeper.RoleName: keeper.Role})
	os.Exit(m.Run())
}

// engine returns a container engine that has mosquitto's image, or skips.
func engine(t *testing.T) *image.Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it starts containers")
	}
	e, err := image.NewEngine(t.Context())
	if err != nil {
		need.Engine.Skip(t, err)
	}
	t.Cleanup(func() { e.Close() })
	if _, err := image.Find(t.Context(), e, mosquitto()); err != nil {
		need.Engine.Skip(t, err)
	}
	return e
}

func newRuntime(t *testing.T) (*containers.Runtime, string) {
	t.Helper()
	dir := t.TempDir()
	return runtimeWith(t, dir, filepath.Join(dir, "cache")), dir
}

func runtimeWith(t *testing.T, dir, cache string) *containers.Runtime {
	t.Helper()
	rt, err := containers.New(t.Context(), containers.Options{Dir: dir, Cache: cache, Program: os.Args[0], Components: component.All()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt
}

// named is a component of the default stack.
func named(name string) component.Component {
	classic, err := version.Find("classic")
	if err != nil {
		panic(err)
	}
	found, err := classic.ByName(name)
	if err != nil {
		panic(err)
	}
	return found[0]
}

func mosquitto() component.Component { return named("mosquitto") }

// shell is a component that runs a script in mosquitto's image.
func shell(script string) component.Component {
	c := mosquitto()
	c.BootLimit = 20 * time.Second
	c.Process = func(component.Site) component.Process {
		return component.Process{Command: []string{"sh", "-c", script}}
	}
	return c
}

func quiet(runtime.State) {}

func TestBootAndClose(t *testing.T) {
	e := engine(t)
	rt, dir := newRuntime(t)
	instance, err := runtime.Boot(t.Context(), rt, mosquitto(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", rt.Addr("mosquitto", "mqtt"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if got := rt.Peer("mosquitto", "mqtt"); got != "mosquitto:1883" {
		t.Errorf("peer address = %s", got)
	}
	if tail := runtime.Tail(instance, 50); !strings.Contains(tail, "running") {
		t.Errorf("its log ends with %q", tail)
	}
	if n := count(t, e, dir); n != 2 {
		t.Errorf("%d things carry the run's label, want a container and a network", n)
	}
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	if n := count(t, e, dir); n != 0 {
		t.Errorf("%d things are left after Close", n)
	}
}

func TestDeathIsNamed(t *testing.T) {
	engine(t)
	rt, _ := newRuntime(t)
	_, err := runtime.Boot(t.Context(), rt, shell("echo no luck today; exit 3"), quiet)
	var died *runtime.DiedError
	if !errors.As(err, &died) {
		t.Fatalf("error = %v, want a *DiedError", err)
	}
	for _, want := range []string{"mosquitto died", "exit status 3", "no luck today"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
}

func TestKilledContainerIsNoticed(t *testing.T) {
	e := engine(t)
	rt, dir := newRuntime(t)
	instance, err := runtime.Boot(t.Context(), rt, mosquitto(), quiet)
	if err != nil {
		t.Fatal(err)
	}
	found, err := e.ContainerList(t.Context(), client.ContainerListOptions{Filters: client.Filters{}.Add("label", "hoplab.run="+dir)})
	if err != nil || len(found.Items) != 1 {
		t.Fatalf("containers: %v, %v", found.Items, err)
	}
	if _, err := e.ContainerKill(t.Context(), found.Items[0].ID, client.ContainerKillOptions{Signal: "KILL"}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-instance.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("nobody noticed that the container was killed")
	}
	if err := instance.Err(); err == nil || !strings.Contains(err.Error(), "137") {
		t.Errorf("error = %v, want exit status 137", err)
	}
}

func TestSweepRemovesOnlyTheRunsOwn(t *testing.T) {
	e := engine(t)
	killed, dir := newRuntime(t)
	other, otherDir := newRuntime(t)
	for _, rt := range []*containers.Runtime{killed, other} {
		if _, err := rt.Launch(t.Context(), mosquitto(), func(runtime.Download) {}); err != nil {
			t.Fatal(err)
		}
	}
	if err := containers.Sweep(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if own, others := count(t, e, dir), count(t, e, otherDir); own != 0 || others != 2 {
		t.Errorf("after the sweep %d of the run's own are left, and %d of another's; want 0 and 2", own, others)
	}
}

func TestMissingImage(t *testing.T) {
	engine(t)
	rt, _ := newRuntime(t)
	c := named("kafka")
	c.Name, c.Program.Image.Platforms = "zebra", []string{"plan9/mips"}
	c.Program.Image.Name = layout.Of("elasticsearch").Image("8.6.2").Name // which no stack has
	_, err := rt.Launch(t.Context(), c, func(runtime.Download) {})
	var missing *image.MissingError
	if !errors.As(err, &missing) || !strings.Contains(missing.Hint(), "lab dev images build") || !strings.Contains(err.Error(), "plan9/mips only") {
		t.Errorf("error = %v, want a *MissingError with a hint", err)
	}
}

func TestNoEngine(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "docker.sock"))
	_, err := containers.New(context.Background(), containers.Options{Dir: t.TempDir()})
	var none *image.EngineError
	if !errors.As(err, &none) || !strings.Contains(none.Hint(), "--runtime local") {
		t.Errorf("error = %v, want an *EngineError with a hint", err)
	}
}

// TestNoEngineForAKeeper shows what somebody sees who asked for containers.
func TestNoEngineForAKeeper(t *testing.T) {
	t.Setenv("DOCKER_HOST", "unix://"+filepath.Join(t.TempDir(), "docker.sock"))
	_, err := keeper.Start(t.Context(), keeper.Config{Dir: filepath.Join(t.TempDir(), "run"), Runtime: "containers", Owner: os.Getpid()})
	if err == nil || !strings.Contains(err.Error(), "no container engine answers") {
		t.Errorf("error = %v, want one that says that no engine answers", err)
	}
	if advice := hint.Of(err); !strings.Contains(advice, "--runtime local") {
		t.Errorf("hint = %q, want what to do without an engine", advice)
	}
}

// TestBuiltinRunsInAContainer boots the built-in broker, in the image of mosquitto.
func TestBuiltinRunsInAContainer(t *testing.T) {
	engine(t)
	cache, err := dirs.Cache() // which has the program already, in the second run
	if err != nil {
		t.Fatal(err)
	}
	rt := runtimeWith(t, t.TempDir(), cache)
	if _, err := runtime.Boot(t.Context(), rt, named("mochi"), quiet); err != nil {
		t.Fatal(err)
	}
}
