package broker

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/reexec"
)

func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{RoleName: Role})
	os.Exit(m.Run())
}

type oneAddress string

func (a oneAddress) Addr(string, string) string { return string(a) }

// The broker as a process of its own is what component.Mochi describes.
func TestRole(t *testing.T) {
	mochi := component.Mochi()
	if mochi.Program.Builtin != RoleName {
		t.Errorf("the component's program is %q, the role %q", mochi.Program.Builtin, RoleName)
	}
	addr := freeAddr(t)
	var log strings.Builder
	cmd := exec.Command(os.Args[0], addr)
	cmd.Env = append(os.Environ(), reexec.Env(RoleName))
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	var err error
	await(t, func() bool {
		err = mochi.Ready(t.Context(), oneAddress(addr))
		return err == nil
	}, func() string { return err.Error() })
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
	if got := log.String(); !strings.Contains(got, "serves MQTT on "+addr) {
		t.Errorf("log = %q", got)
	}
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestRoleErrors(t *testing.T) {
	b := begin(t, mosquittoBounds)
	tests := []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "want one argument"},
		{[]string{"127.0.0.1:0", "more"}, 2, "got 2"},
		{[]string{b.Addr()}, 1, "choose another port"},
	}
	for _, test := range tests {
		var log strings.Builder
		if code := role(t.Context(), test.args, &log); code != test.code || !strings.Contains(log.String(), test.want) {
			t.Errorf("role(%q) = %d, %q; want %d, %q", test.args, code, log.String(), test.code, test.want)
		}
	}
}

func TestServeEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	var log strings.Builder
	go func() { ended <- role(ctx, []string{"127.0.0.1:0"}, &log) }()
	cancel()
	select {
	case code := <-ended:
		if code != 0 {
			t.Errorf("ended with %d: %s", code, log.String())
		}
	case <-time.After(10 * time.Second):
		t.Fatal("still serves 10 s after its end")
	}
}
