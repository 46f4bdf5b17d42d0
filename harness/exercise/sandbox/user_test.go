//go:build linux

package sandbox

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"hoplab.example/harness/util/need"
)

// TestAsAnotherUser runs tests again as an ordinary user if root runs them: the
// namespaces are set up differently then.
func TestAsAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped because the tests run as another user anyway")
	}
	dir, err := os.MkdirTemp("", "hoplab-sandbox-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o777) // t.TempDir() is for root only
	binary := copyExecutable(t, dir)
	cmd := exec.CommandContext(t.Context(), binary, "-test.run=Exit|Environment|Users|Writing|Rights|Reaches|Daemon|Parent|Small|Calls|Ends?TheScript", "-test.v")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TMPDIR="+dir, "HOME=/root")
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobodyUID, Gid: nobodyUID}}
	output, err := cmd.CombinedOutput()
	switch {
	case errors.Is(err, os.ErrPermission): // the root of a rootless container
		need.Sandbox.Skip(t, err)
	case err != nil:
		t.Errorf("%v\n%s", err, output)
	case strings.Contains(string(output), "--- SKIP"):
		t.Skipf("skipped because the tests were, as user nobody:\n%s", output)
	case strings.Count(string(output), "--- PASS") < 10:
		t.Errorf("too few tests ran:\n%s", output)
	}
}

func copyExecutable(t *testing.T, dir string) string {
	t.Helper()
	from, err := os.Open("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "sandbox.test"), os.O_WRONLY|os.O_CREATE, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
