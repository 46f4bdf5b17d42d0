package local

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/proc"
)

// killLimit is how long a killed process may take to go.
const killLimit = 10 * time.Second

// process is a component that runs, with the group of processes it leads.
type process struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{}
	err  error // once done is closed
	// classes is what it writes at its end, if anything.
	classes *classArchive
	booted  atomic.Bool
}

func start(plan component.Process, dir, logPath string, u *user) (*process, error) {
	log, err := os.OpenFile(logPath, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the child has its own
	cmd := exec.Command(plan.Command[0], plan.Command[1:]...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), plan.Env...)
	cmd.Stdout, cmd.Stderr = log, log
	// A pipe that closes with us: Elasticsearch 8's server watches it
	// (Elasticsearch.java, startCliMonitorThread).
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	proc.Lead(cmd)
	runAs(cmd, u)
	dieWithParent(cmd.SysProcAttr)
	if err := spawn(cmd); err != nil {
		return nil, err
	}
	if err := notePID(logPath, cmd.Process.Pid); err != nil {
		_ = proc.Kill(cmd.Process.Pid)
		cmd.Wait()
		return nil, err
	}
	p := &process{cmd: cmd, log: logPath, done: make(chan struct{})}
	go p.reap(stdin)
	return p, nil
}

func (p *process) reap(stdin io.Closer) {
	err := p.cmd.Wait()
	stdin.Close()
	p.err = errors.New("it ended without an error, though nobody stopped it")
	if err != nil {
		p.err = err
	}
	close(p.done)
}

// Booted notes that it has been ready.
func (p *process) Booted() { p.booted.Store(true) }

func (p *process) Done() <-chan struct{} { return p.done }

func (p *process) Err() error {
	select {
	case <-p.done:
		return p.err
	default:
		return nil
	}
}

func (p *process) Log() (io.ReadCloser, error) { return os.Open(p.log) }

func (p *process) PID() int { return p.cmd.Process.Pid }

// kill ends the group. It does nothing to a process that is already gone.
func (p *process) kill() { _ = proc.Kill(p.PID()) }

// Kill returns when the process has gone.
func (p *process) Kill() error {
	p.kill()
	return p.awaitEnd()
}

// Pause stops the group.
func (p *process) Pause() error { return proc.Pause(p.PID()) }

func (p *process) Resume() error { return proc.Resume(p.PID()) }

func (p *process) awaitEnd() error {
	select {
	case <-p.done:
		return nil
	case <-time.After(killLimit):
		return fmt.Errorf("process %d is still there %v after it was killed", p.PID(), killLimit)
	}
}

// spawn starts cmd on a thread that lives as long as hoplab does: the kernel
// takes the end of the thread that started a child for the end of its parent.
func spawn(cmd *exec.Cmd) error {
	spawner.Do(func() { go spawnForever() })
	result := make(chan error)
	spawns <- func() { result <- cmd.Start() }
	return <-result
}

var (
	spawner sync.Once
	spawns  = make(chan func())
)

func spawnForever() {
	goruntime.LockOSThread()
	for start := range spawns {
		start()
	}
}
