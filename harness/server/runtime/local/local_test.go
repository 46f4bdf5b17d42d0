package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	goruntime "runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/runtime/ports"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/reexec"
)

// The test binary is also the component under test, fakeServer, and the parent
// that gets killed.
func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{
		"fakeServer": fakeServer,
		"fakeFamily": fakeFamily,
		"fakeJVM":    fakeJVM,
		"fakeDying":  func([]string) int { fmt.Println("cannot bind: no luck today"); return 3 },
		"fakeMute":   func([]string) int { select {} },
		"parent":     parentRole,
	})
	os.Exit(m.Run())
}

// fakeFamily is a fakeServer with a child that would outlive it.
func fakeFamily(args []string) int {
	child := exec.Command("sleep", "300")
	if err := child.Start(); err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("child", child.Process.Pid)
	return fakeServer(args)
}

// fakeServer serves 200 at its address.
func fakeServer(args []string) int {
	if err := http.ListenAndServe(args[0], http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})); err != nil {
		fmt.Println(err)
	}
	return 1
}

func fake(role string) component.Component {
	return component.Component{
		Name:      "fake",
		Program:   component.Program{Builtin: role},
		Ports:     []component.Port{{Name: "http"}},
		BootLimit: 10 * time.Second,
		Process: func(s component.Site) component.Process {
			return component.Process{
				Files:   []component.File{{Path: "conf/fake.conf", Text: "listen " + s.Bind("http")}},
				Command: []string{s.Executable, s.Bind("http")},
			}
		},
		Ready: func(ctx context.Context, at component.Addresses) error {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+at.Addr("fake", "http"), nil)
			if err != nil {
				return err
			}
			res, err := http.DefaultClient.Do(req)
			if err == nil {
				res.Body.Close()
			}
			return err
		},
	}
}

func newRuntime(t *testing.T, fixed map[string]int) (*Runtime, string) {
	t.Helper()
	dir := t.TempDir()
	rt := New(Options{Dir: dir, Program: os.Args[0], Cache: filepath.Join(dir, "cache"), Ports: fixed})
	t.Cleanup(func() {
		if err := rt.Close(); err != nil {
			t.Error(err)
		}
	})
	return rt, dir
}

func quiet(runtime.State) {}

func TestBootAndClose(t *testing.T) {
	rt, dir := newRuntime(t, nil)
	var phases []runtime.Phase
	instance, err := runtime.Boot(t.Context(), rt, fake("fakeFamily"), func(s runtime.State) { phases = append(phases, s.Phase) })
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(phases); got != "[starting starting ready]" {
		t.Errorf("phases = %s", got)
	}
	want := "listen " + rt.Addr("fake", "http")
	if text, err := os.ReadFile(filepath.Join(dir, "fake", "conf", "fake.conf")); err != nil || string(text) != want {
		t.Errorf("its file = %q, %v; want %q", text, err, want)
	}
	child := childOf(t, instance)
	if err := rt.Close(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, instance.PID())
	awaitGone(t, child)
}

// childOf returns the process that fakeFamily has started.
func childOf(t *testing.T, i runtime.Instance) int {
	t.Helper()
	pid, err := strconv.Atoi(strings.TrimPrefix(runtime.Tail(i, 1), "child "))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// awaitGone fails the test unless a process ends within a few seconds. A
// zombie, whose parent is some init that takes its time, counts as ended.
func awaitGone(t *testing.T, pid int) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if !proc.Alive(pid) {
			return
		}
	}
	t.Errorf("process %d still runs", pid)
}

func TestBootReportsDeath(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	_, err := runtime.Boot(t.Context(), rt, fake("fakeDying"), func(s runtime.State) {
		if s.Phase == runtime.Failed {
			t.Errorf("the failure was reported apart from its error, without what to do: %+v", s)
		}
	})
	var died *runtime.DiedError
	if !errors.As(err, &died) {
		t.Fatalf("error = %v, want a *DiedError", err)
	}
	for _, want := range []string{"fake died: exit status 3", "no luck today"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q lacks %q", err, want)
		}
	}
}

func TestBootTimesOut(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	c := fake("fakeMute")
	c.BootLimit = 300 * time.Millisecond
	_, err := runtime.Boot(t.Context(), rt, c, quiet)
	var late *runtime.TimeoutError
	if !errors.As(err, &late) || !strings.Contains(err.Error(), "connection refused") {
		t.Fatalf("error = %v, want a *TimeoutError with the last answer", err)
	}
}

func TestBootCanBeCancelled(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := runtime.Boot(ctx, rt, fake("fakeMute"), func(s runtime.State) {
		if s.PID != 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error = %v, want context.Canceled", err)
	}
}

func TestBusyPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	rt, _ := newRuntime(t, map[string]int{"fake.http": listener.Addr().(*net.TCPAddr).Port})
	_, err = runtime.Boot(t.Context(), rt, fake("fakeServer"), quiet)
	var busy *ports.BusyError
	if !errors.As(err, &busy) {
		t.Fatalf("error = %v, want a *ports.BusyError", err)
	}
	if !strings.Contains(busy.Hint(), "--port fake.http=") {
		t.Errorf("hint = %q", busy.Hint())
	}
}

// TestPortsAreNoOutgoingConnections: a port that the system may give to an
// outgoing connection can be taken before its component has bound it.
func TestPortsAreNoOutgoingConnections(t *testing.T) {
	rt, _ := newRuntime(t, nil)
	seen := map[string]bool{}
	for i := range 20 {
		addr := rt.Addr("fake", strconv.Itoa(i))
		_, port, err := net.SplitHostPort(addr)
		if err != nil || len(port) != 5 || port >= "32000" || seen[addr] {
			t.Errorf("port %d is at %s, %v", i, addr, err)
		}
		seen[addr] = true
	}
}

// parentRole starts fakeServer in the folder that it is given, says so, and
// waits to be killed.
func parentRole(args []string) int {
	rt := New(Options{Dir: args[0], Program: os.Args[0]})
	instance, err := runtime.Boot(context.Background(), rt, fake("fakeServer"), quiet)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println(instance.PID())
	select {}
}

func TestChildDiesWithKilledParent(t *testing.T) {
	if goruntime.GOOS != "linux" {
		t.Skip("skipped because only Linux ends a child with its killed parent; elsewhere Sweep does it later")
	}
	parent := exec.Command(os.Args[0], t.TempDir())
	parent.Env = append(os.Environ(), reexec.Env("parent"))
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscan(out, &pid); err != nil {
		t.Fatal(err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	parent.Wait()
	awaitGone(t, pid)
}
