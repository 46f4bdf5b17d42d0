package run_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/run"
	"hoplab.example/harness/run/roles"
	"hoplab.example/harness/server/keeper"
)

// sideVariable has a process of this test start a run, say where it is, and end when its
// input does.
const sideVariable = "HOPLAB_TEST_SIDE"

func TestMain(m *testing.M) {
	roles.Run()
	if name := os.Getenv(sideVariable); name != "" {
		if err := side(name); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func side(name string) error {
	ctx := context.Background()
	r, err := run.Start(ctx, name, keeper.Config{Runtime: "local"}, []string{"mochi"})
	if err != nil {
		return err
	}
	if err := r.Ready(ctx, nil); err != nil {
		return err
	}
	up, err := run.List(ctx, nil, "")
	if err != nil {
		return err
	}
	fmt.Println(r.Addr("mochi", "mqtt"), r.Client.Dir(), len(up))
	io.Copy(io.Discard, os.Stdin)
	return r.Stop()
}

// started is a process that has a run up.
type started struct {
	addr, dir string
	runs      string // how many it sees
}

// startSide starts such a process, which ends with the test. change may make it another
// user's.
func startSide(t *testing.T, program, home, name string, change func(*exec.Cmd)) started {
	t.Helper()
	cmd := exec.Command(program)
	cmd.Dir = home
	cmd.Env = append(os.Environ(), sideVariable+"="+name, "HOME="+home, "HOPLAB_RUNS=", "HOPLAB_CACHE="+filepath.Join(home, "cache"))
	cmd.Stderr = os.Stderr
	change(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	fields := strings.Fields(line)
	if err != nil || len(fields) != 3 {
		t.Fatalf("%s says %q, %v", name, line, err)
	}
	return started{fields[0], fields[1], fields[2]}
}

// checkApart: each has ports and a folder of its own.
func checkApart(t *testing.T, all ...started) {
	t.Helper()
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.addr] || seen[s.dir] {
			t.Errorf("%+v shares an address or a folder with another run", s)
		}
		seen[s.addr], seen[s.dir] = true, true
	}
}

func TestTwoRunsOfAUser(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	same := func(cmd *exec.Cmd) { cmd.Env = append(cmd.Env, "HOPLAB_RUNS="+filepath.Join(home, "runs")) }
	one := startSide(t, program, home, "one", same)
	two := startSide(t, program, home, "two", same)
	checkApart(t, one, two)
	if one.runs != "1" || two.runs != "2" {
		t.Errorf("they see %s and %s runs, want 1 and 2", one.runs, two.runs)
	}
}
