// Package apart runs one side of a measurement in a process of its own: so its
// CPU time and its memory are nobody else's. The process is the same executable
// in another role. It is told what to do by lines on its input, and ends with it.
package apart

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"hoplab.example/harness/util/reexec"
)

// RoleName is the role in which one of hoplab's executables is such a process.
const RoleName = "measured"

// The kinds of a task.
const (
	Bridge  = "bridge"  // carries a topic into Kafka
	Discard = "discard" // subscribes with QoS 1, and throws everything away
)

// Task is what a process does.
type Task struct {
	Kind     string
	MQTT     string // host:port
	ClientID string
	Source   string   // MQTT topic
	Kafka    []string // host:port; of a bridge, as is what follows
	Topic    string
	Waits    bool // measure how long each message waits in the bridge
}

// Report is what a process has done so far.
type Report struct {
	Count int64         // messages acknowledged; by a discarding subscriber, heard
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
}

// Start starts a process, which does nothing until Begin. It ends with ctx, with
// this process, or by Stop.
func Start(ctx context.Context, task Task) (*Process, error) {
	cmd, err := reexec.Command(ctx, RoleName, task)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a process for the %s: %w", task.Kind, err)
	}
	p := &Process{cmd: cmd, in: in, answers: json.NewDecoder(bufio.NewReader(out))}
	if _, err := p.Ask(); err != nil {
		return nil, errors.Join(err, p.Stop())
	}
	return p, nil
}

// Begin has the process connect, and returns when it has subscribed. A session
// that the broker has kept messages for is being emptied then.
func (p *Process) Begin() error {
	_, err := p.tell("begin")
	return err
}

// Ask returns the figures as they are now.
func (p *Process) Ask() (Report, error) { return p.tell("ask") }

// answer is a line that the process writes.
type answer struct {
	Report
	Err string `json:",omitempty"`
}

func (p *Process) tell(what string) (Report, error) {
	if _, err := fmt.Fprintln(p.in, what); err != nil {
		return Report{}, fmt.Errorf("tell the measured process to %s: %w; see what it wrote above", what, err)
	}
	var a answer
	if err := p.answers.Decode(&a); err != nil {
		return Report{}, fmt.Errorf("the measured process, told to %s, gave no answer: %w; see what it wrote above", what, err)
	}
	if a.Err != "" {
		return a.Report, fmt.Errorf("the measured process: %s", a.Err)
	}
	return a.Report, nil
}

// Stop ends the process. It returns what went wrong with its task at the end.
func (p *Process) Stop() error {
	return errors.Join(p.in.Close(), p.cmd.Wait())
}
