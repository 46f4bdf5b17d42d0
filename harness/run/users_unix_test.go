//go:build unix

package run_test

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// nobody is a user whom every Unix has.
const nobody = 65534

// TestTwoUsers: two users of a computer room's server have a run of the same name up.
// Neither sees, reads or disturbs the other's.
func TestTwoUsers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("skipped because it starts programs as other users, which takes root")
	}
	dir, err := os.MkdirTemp("", "users-test-") // which other users can pass, unlike t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	program := copyProgram(t, filepath.Join(dir, "program"))
	var sides []started
	for i, name := range []string{"ada", "ben"} {
		id := nobody - i
		home := filepath.Join(dir, name)
		if err := os.Mkdir(home, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(home, id, id); err != nil {
			t.Fatal(err)
		}
		s := startSide(t, program, home, "lab", func(cmd *exec.Cmd) {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(id), Gid: uint32(id)}}
		})
		if s.runs != "1" {
			t.Errorf("%s sees %s runs, and has one", name, s.runs)
		}
		checkOwn(t, s.dir, id)
		sides = append(sides, s)
	}
	checkApart(t, sides...)
}

// checkOwn wants a run's files that hold secrets to be their user's only.
func checkOwn(t *testing.T, dir string, id int) {
	t.Helper()
	for _, name := range []string{"keeper.json", "mochi"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; info.Mode().Perm()&0o077 != 0 || int(owner) != id {
			t.Errorf("%s is user %d's, %v", name, owner, info.Mode())
		}
	}
}

func copyProgram(t *testing.T, to string) string {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return to
}
