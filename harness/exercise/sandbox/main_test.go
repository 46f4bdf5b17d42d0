package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/reexec"
)

// moreRoles has the roles of tests for a single system.
var moreRoles = map[string]reexec.Role{}

// TestMain lets the test binary be the process inside, a client that a script
// starts, and a program that is killed while it runs a script.
func TestMain(m *testing.M) {
	moreRoles[RoleName], moreRoles["client"], moreRoles["parent"] = Role, client, parent
	reexec.Run(moreRoles)
	os.Exit(m.Run())
}

// parent runs a script in a folder, under a name; its arguments are both, the name with
// "-parent".
func parent(args []string) int {
	_, err := Run(context.Background(), Options{Script: "exec " + endless(strings.TrimSuffix(args[1], "-parent")), Dir: args[0]})
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// client connects to an address. Its arguments are the address, the number of
// connections, and how many bytes each sends before it closes its direction and reads
// as many again.
func client(args []string) int {
	var connections, size int
	fmt.Sscan(strings.Join(args[1:], " "), &connections, &size)
	faults := make(chan error, connections)
	var all sync.WaitGroup
	for range connections {
		all.Go(func() { faults <- talk(args[0], size) })
	}
	all.Wait()
	for range connections {
		if err := <-faults; err != nil {
			fmt.Println("fault:", err)
			return 1
		}
	}
	fmt.Println("all right")
	return 0
}

func talk(addr string, size int) error {
	conn, err := net.DialTimeout("tcp", addr, 5*time.Second)
	if err != nil {
		return err
	}
	defer conn.Close()
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Write(make([]byte, size))
		sent <- errors.Join(err, conn.(*net.TCPConn).CloseWrite())
	}()
	n, err := io.Copy(io.Discard, conn)
	if err == nil && n != int64(size) {
		err = fmt.Errorf("got %d bytes back, want %d", n, size)
	}
	return errors.Join(err, <-sent)
}

// testFolder returns an empty folder for a script.
func testFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "work")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// needSandbox skips a test on a machine without a sandbox. HOPLAB_NEED can say that
// there must be one: a broken sandbox may look like a missing one.
func needSandbox(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it runs scripts until they meet a limit")
	}
	err := Available(t.Context(), testFolder(t))
	skipWithout(t, err)
	if err != nil {
		t.Fatal(err)
	}
}

// skipWithout skips a test if err says that this machine can't have a sandbox.
func skipWithout(t *testing.T, err error) {
	t.Helper()
	var unavailable *UnavailableError
	if errors.As(err, &unavailable) {
		need.Sandbox.Skip(t, err)
	}
}

// sh runs a script that is meant to run; it has a small limit of time.
func sh(t *testing.T, o Options) Result {
	t.Helper()
	if o.Dir == "" {
		o.Dir = testFolder(t)
	}
	if o.Limits.Wall == 0 {
		o.Limits.Wall = 20 * time.Second
	}
	result, err := Run(t.Context(), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, result.Output)
	}
	return result
}

// echoServer sends back what it gets, once the client has closed its direction.
func echoServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				text, _ := io.ReadAll(conn) // all of it first: the half-close has to get here
				conn.Write(text)
			}()
		}
	}()
	return listener.Addr().String()
}

func executable(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}
