package keeper

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/reexec"
)

func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{RoleName: Role, "owner": ownerRole})
	os.Exit(m.Run())
}

// ownerRole owns a keeper with mosquitto, in the folder that it is given, and
// waits to be killed.
func ownerRole(args []string) int {
	c, err := Start(context.Background(), Config{Dir: args[0], Owner: os.Getpid()})
	if err == nil {
		err = c.Ensure(context.Background(), []string{"mosquitto"}, nil)
	}
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("up")
	select {}
}

// folder returns one that other users can reach, as mosquitto needs it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "keeper-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "run")
}

func begin(t *testing.T, config Config) *Client {
	t.Helper()
	need.Broker(t)
	config.Owner = os.Getpid()
	c, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	return c
}

func ensure(t *testing.T, c *Client) State {
	t.Helper()
	if err := c.Ensure(t.Context(), []string{"mosquitto"}, nil); err != nil {
		t.Fatal(err)
	}
	state, err := c.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func awaitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); proc.Alive(pid); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("process %d still runs", pid)
		}
	}
}

func TestSharedThenStopped(t *testing.T) {
	dir := folder(t)
	first := begin(t, Config{Dir: dir})
	state := ensure(t, first)
	second := begin(t, Config{Dir: dir})
	if again := ensure(t, second); again.PID != state.PID || again.Components["mosquitto"].PID != state.Components["mosquitto"].PID {
		t.Errorf("a second start made another keeper or broker: %+v, then %+v", state, again)
	}
	conn, err := net.Dial("tcp", state.Addr("mosquitto", "mqtt"))
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	if err := second.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if proc.Alive(state.Components["mosquitto"].PID) || proc.Alive(state.PID) {
		t.Error("a process is left after Stop")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the run's folder is left: %v", err)
	}
	if _, err := Attach(t.Context(), dir); !errors.Is(err, ErrGone) {
		t.Errorf("Attach after Stop: %v, want ErrGone", err)
	}
}

func TestEndsWithKilledOwner(t *testing.T) {
	for _, disown := range []bool{false, true} {
		t.Run(fmt.Sprint("disowned=", disown), func(t *testing.T) {
			dir := folder(t)
			owner := startOwner(t, dir)
			c, err := Attach(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			state := ensure(t, c)
			if disown {
				if err := c.Disown(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			owner.Process.Kill()
			owner.Wait()
			if disown {
				time.Sleep(3 * ownerPoll) // the time in which it would have noticed
				ensure(t, c)
				if err := c.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			}
			awaitGone(t, state.PID)
			awaitGone(t, state.Components["mosquitto"].PID)
		})
	}
}

func startOwner(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	need.Broker(t)
	owner := exec.Command(os.Args[0], dir)
	owner.Env = append(os.Environ(), reexec.Env("owner"))
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	var word string
	if _, err := fmt.Fscan(out, &word); err != nil || word != "up" {
		t.Fatalf("the owner says %q, %v", word, err)
	}
	return owner
}

func TestKilledComponentIsNamed(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	state := ensure(t, c)
	proc.Kill(state.Components["mosquitto"].PID)
	var failed *ComponentError
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if err := c.Check(t.Context(), []string{"mosquitto"}); errors.As(err, &failed) {
			break
		}
	}
	if failed == nil {
		t.Fatal("the keeper didn't notice that mosquitto was killed")
	}
	for _, want := range []string{"mosquitto died: signal: killed", "mosquitto version"} {
		if !strings.Contains(failed.Error(), want) {
			t.Errorf("error %q lacks %q", failed, want)
		}
	}
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(failed.Log); err != nil {
		t.Errorf("after a failure the log is gone: %v", err)
	}
}

func TestKilledKeeperIsToldAndSwept(t *testing.T) {
	dir := folder(t)
	c := begin(t, Config{Dir: dir})
	state := ensure(t, c)
	proc.Kill(state.PID)
	awaitGone(t, state.PID)
	if _, err := c.State(t.Context()); err == nil || !strings.Contains(err.Error(), "has died") {
		t.Errorf("State after kill -9 of the keeper: %v", err)
	}
	if said := swept(t, filepath.Dir(dir)); !strings.Contains(said, "never taken down") {
		t.Errorf("the sweep says %q", said)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what the killed keeper left isn't swept: %v", err)
	}
	awaitGone(t, state.Components["mosquitto"].PID)
}

func TestUnknownComponent(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	err := c.Ensure(t.Context(), []string{"rabbitmq"}, nil)
	if err == nil || !strings.Contains(err.Error(), `no component of the stack classic is called "rabbitmq"`) {
		t.Errorf("error = %v", err)
	}
}

func TestWrongToken(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	stranger := *c
	stranger.at.Token = "guess"
	if _, err := stranger.State(t.Context()); err == nil || !strings.Contains(err.Error(), "wrong token") {
		t.Errorf("error = %v", err)
	}
}

func TestStateReady(t *testing.T) {
	s := State{Components: map[string]*ComponentState{
		"kafka": {State: runtime.State{Phase: runtime.Ready}},
		"flink": {State: runtime.State{Phase: runtime.Starting}},
		"dead":  {State: runtime.State{Phase: runtime.Failed, Error: "it broke"}, Hint: "mend it"},
	}}
	if ok, err := s.ready([]string{"kafka"}); !ok || err != nil {
		t.Errorf("kafka: %v, %v", ok, err)
	}
	if ok, err := s.ready([]string{"kafka", "flink"}); ok || err != nil {
		t.Errorf("kafka and flink: %v, %v", ok, err)
	}
	var failed *ComponentError
	if _, err := s.ready([]string{"dead"}); !errors.As(err, &failed) || failed.Hint() != "mend it" {
		t.Errorf("dead: %v", err)
	}
}

// TestProgramOutlivesItsFile: `go test` removes a test binary that is done.
func TestProgramOutlivesItsFile(t *testing.T) {
	kept, err := keepProgram(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if self, _ := os.Executable(); self == kept {
		t.Fatal("the program was not kept under another name")
	}
	out, err := exec.Command(kept, "-test.list", "TestProgramOutlivesItsFile").Output()
	if err != nil || !strings.Contains(string(out), "TestProgramOutlivesItsFile") {
		t.Errorf("the kept program says %q, %v", out, err)
	}
}
