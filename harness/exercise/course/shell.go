package course

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"hoplab.example/harness/util/capped"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/proc"
)

// maxShell is how much of a script's output is kept, in bytes: more than a page
// shows.
const maxShell = 256 << 10

// shell runs a script in the run's folder. Of the user's environment it gets only
// PATH: what it prints may end up in a page.
func (p *pageRun) shell(ctx context.Context, script string, env []string) ([]byte, error) {
	bin := filepath.Join(p.dir, "bin")
	if err := p.linkLab(bin); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, "sh", "-eu", "-c", script)
	command.Dir = p.dir
	if dir, err := dirs.Cache(); err == nil { // of 'lab python', which the other HOME would hide
		env = append(env, "HOPLAB_CACHE="+dir)
	}
	command.Env = append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+p.dir, "TMPDIR="+p.dir, "LC_ALL=C.UTF-8")
	// What the script starts ends with it: the whole group is killed.
	proc.Lead(command)
	command.Cancel = func() error { return proc.Kill(command.Process.Pid) }
	command.WaitDelay = time.Second
	output := &capped.Buffer{Most: maxShell}
	command.Stdout, command.Stderr = output, output
	err := command.Run()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it left a process running with its output open
	}
	if command.Process != nil {
		_ = proc.Kill(command.Process.Pid) // mostly nothing is left
	}
	return output.Bytes(), err
}

// linkLab puts the lab command on the scripts' PATH.
func (p *pageRun) linkLab(bin string) error {
	if p.Lab == "" {
		return nil
	}
	err := os.MkdirAll(bin, 0o755)
	if err == nil {
		err = os.Symlink(p.Lab, filepath.Join(bin, "lab"))
	}
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
