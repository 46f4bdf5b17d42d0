// Package apart runs one side of an experiment in a process of its own: so its
// CPU time and its memory are nobody else's, and it can be paused and killed. The
// process is the same executable in another role. It does what the lines on its
// input ask for, and ends with it.
package apart

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/reexec"
)

// RoleName is the role in which one of hoplab's executables is such a process.
const RoleName = "apart"

// The kinds of a task.
const (
	Bridge  = "bridge"  // carries a topic into Kafka
	Discard = "discard" // subscribes with QoS 1, and throws everything away
	Plain   = "plain"   // carries a topic into Kafka in the few lines that tutorials show
)

// Task is what a process does. Others on the machine can read it: it has no login.
type Task struct {
	Kind      string
	MQTT      string // host:port
	ClientID  string
	Source    string        // MQTT topic
	KeepAlive time.Duration // of MQTT, for a bridge; 0 for the bridge's default
	Kafka     []string      // host:port; for a bridge, as is what follows
	Topic     string
	Waits     bool // measure how long each message waits in the bridge
}

// Report is what a process has done so far.
type Report struct {
	Count int64         // messages acknowledged; by a discarding subscriber, heard; by a plain bridge, written
	CPU   time.Duration // user and system time since the task began
	Peak  int64         // bytes of memory that were resident at most
	// Waits counts, in microseconds, how long after its receipt Kafka had a
	// message. Nil unless the task asks for it.
	Waits *hdrhistogram.Snapshot
}

// Process is one that runs.
type Process struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	answers *json.Decoder
	log     tail
	killed  bool
}

// Start starts a process, which does nothing until Begin. It ends with ctx, with
// this process, or by Stop.
func Start(ctx context.Context, task Task) (*Process, error) {
	cmd, err := reexec.Command(ctx, RoleName, task)
	if err != nil {
		return nil, err
	}
	proc.Lead(cmd) // to be paused
	p := &Process{cmd: cmd}
	cmd.Stderr = &p.log
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process for the %s: %w", task.Kind, err)
	}
	p.answers = json.NewDecoder(bufio.NewReader(out))
	if _, err := p.Ask(); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// Begin has the process connect, and returns when it has subscribed. A session
// that the broker has kept messages for is being emptied then. Where ctx ends
// before that, the process is killed.
func (p *Process) Begin(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = p.cmd.Process.Kill() })
	defer stop()
	_, err := p.ask("begin")
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// Ask returns the figures as they are now.
func (p *Process) Ask() (Report, error) { return p.ask("report") }

// answer is a line that the process writes.
type answer struct {
	Report
	Err string `json:",omitempty"`
}

func (p *Process) ask(what string) (Report, error) {
	var a answer
	_, err := fmt.Fprintln(p.in, what)
	if err == nil {
		err = p.answers.Decode(&a)
	}
	if err != nil {
		return Report{}, fmt.Errorf("ask the process apart to %s: %w%s", what, err, p.log.said())
	}
	if a.Err != "" {
		return a.Report, fmt.Errorf("the process apart: %s", a.Err)
	}
	return a.Report, nil
}

// Pause stops the process until Resume.
func (p *Process) Pause() error { return proc.Pause(p.cmd.Process.Pid) }

// Resume has the process go on.
func (p *Process) Resume() error { return proc.Resume(p.cmd.Process.Pid) }

// Kill ends the process as a crash would, and returns when it has ended.
func (p *Process) Kill() error {
	p.killed = true
	err := p.cmd.Process.Kill()
	_ = p.cmd.Wait() // it says that the process was killed
	return err
}

// stopLimit is how long a process may take to finish what it holds.
const stopLimit = 15 * time.Second

// Stop ends the process, unless Kill has, once it has finished what it holds. It
// returns what went wrong with its task at the end.
func (p *Process) Stop() error {
	if p.killed {
		return nil
	}
	late := time.AfterFunc(stopLimit, func() { _ = p.cmd.Process.Kill() })
	err := errors.Join(p.in.Close(), p.cmd.Wait())
	if !late.Stop() {
		err = fmt.Errorf("the process apart hasn't ended %v after its input: %w", stopLimit, err)
	}
	if err != nil {
		err = fmt.Errorf("%w%s", err, p.log.said())
	}
	return err
}
