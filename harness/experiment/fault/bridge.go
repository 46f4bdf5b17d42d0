package fault

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/util/reexec"
)

// bridgeKeepAlive is short, so that a pause needn't be long to exceed it.
const bridgeKeepAlive = 4 * time.Second

// bridgeProcess is hoplab's bridge as a process of its own, which can be killed.
type bridgeProcess struct {
	at  bridge.Addresses
	cmd *exec.Cmd

	said  tail
	ended chan struct{}
}

// startBridge returns when the bridge is ready.
func startBridge(ctx context.Context, at bridge.Addresses) (*bridgeProcess, error) {
	at.KeepAlive = bridgeKeepAlive
	b := &bridgeProcess{at: at}
	ready, err := b.start()
	if err != nil {
		return nil, err
	}
	select {
	case <-ready:
		return b, nil
	case <-b.ended:
		return nil, fmt.Errorf("the bridge ended at once: %s", b.said.String())
	case <-ctx.Done():
		b.stop()
		return nil, context.Cause(ctx)
	}
}

// start returns a channel that is closed once the bridge is ready.
func (b *bridgeProcess) start() (ready <-chan struct{}, err error) {
	if b.cmd, err = reexec.Command(context.Background(), bridge.RoleName, b.at); err != nil {
		return nil, err
	}
	b.cmd.Stderr = &b.said
	if _, err := b.cmd.StdinPipe(); err != nil { // it ends when we do
		return nil, err
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the bridge: %w", err)
	}
	said, ended := make(chan struct{}), make(chan struct{})
	b.ended = ended
	go func(cmd *exec.Cmd) {
		if bufio.NewScanner(out).Scan() {
			close(said)
		}
		io.Copy(io.Discard, out)
		cmd.Wait()
		close(ended)
	}(b.cmd)
	return said, nil
}

func (b *bridgeProcess) kill() error {
	err := b.cmd.Process.Signal(syscall.SIGKILL)
	<-b.ended
	return err
}

func (b *bridgeProcess) pause() error  { return b.cmd.Process.Signal(syscall.SIGSTOP) }
func (b *bridgeProcess) resume() error { return b.cmd.Process.Signal(syscall.SIGCONT) }

// bridgeStop is how long the bridge may take to bring into Kafka what it holds.
const bridgeStop = 15 * time.Second

// stop ends it as Ctrl-C would.
func (b *bridgeProcess) stop() error {
	select {
	case <-b.ended:
		if b.cmd.ProcessState.Success() {
			return nil
		}
		return fmt.Errorf("the bridge has ended by itself: %s", b.said.String())
	default:
	}
	b.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-b.ended:
		return nil
	case <-time.After(bridgeStop):
		return errors.Join(fmt.Errorf("the bridge hasn't ended in %v after SIGTERM", bridgeStop), b.kill())
	}
}

// tail keeps the end of what a process has said.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailBytes = 4096

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, p...)
	if over := len(t.text) - tailBytes; over > 0 {
		t.text = t.text[over:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
