package containers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"hoplab.example/harness/server/image"
)

// instance is a component's container.
type instance struct {
	engine    *image.Engine
	container *testcontainers.DockerContainer
	name      string // of its component
	id        string
	log       *logFile
	done      chan struct{}
	err       error // once done is closed
	// classes is what it writes at its end, if anything.
	classes *classes
	booted  atomic.Bool
}

func newInstance(engine *image.Engine, name string, c *testcontainers.DockerContainer, log *logFile) *instance {
	i := &instance{engine: engine, container: c, name: name, id: c.GetContainerID(), log: log, done: make(chan struct{})}
	go i.watch(c.GetLogProductionErrorChannel())
	return i
}

// logLimit is how long the last lines of a container that has ended may take.
const logLimit = 5 * time.Second

// watch waits for the container's end, and then for its last lines, which say
// why: logged hears when there are no more.
func (i *instance) watch(logged <-chan error) {
	defer close(i.done)
	defer func() {
		select {
		case <-logged:
		case <-time.After(logLimit):
		}
	}()
	waited := i.engine.ContainerWait(context.Background(), i.id, client.ContainerWaitOptions{Condition: container.WaitConditionNotRunning})
	select {
	case end := <-waited.Result:
		i.err = fmt.Errorf("its container ended with exit status %d", end.StatusCode)
	case err := <-waited.Error:
		i.err = fmt.Errorf("the container engine lost it: %w", err)
	}
}

func (i *instance) Done() <-chan struct{} { return i.done }

func (i *instance) Err() error {
	select {
	case <-i.done:
		return i.err
	default:
		return nil
	}
}

func (i *instance) Log() (io.ReadCloser, error) { return os.Open(i.log.path) }

// PID returns 0: the process has a number on the engine's host only.
func (i *instance) PID() int { return 0 }

func (i *instance) Booted() { i.booted.Store(true) }

// askLimit is for the engine to do what is asked of a container.
const askLimit = 20 * time.Second

func (i *instance) ask(do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), askLimit)
	defer cancel()
	return do(ctx)
}

// Kill returns when the container has ended. It stays, with its files.
func (i *instance) Kill() error {
	return i.ask(func(ctx context.Context) error {
		if _, err := i.engine.ContainerKill(ctx, i.id, client.ContainerKillOptions{Signal: "KILL"}); err != nil {
			return err
		}
		select {
		case <-i.done:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("its container still runs %v after it was killed", askLimit)
		}
	})
}

func (i *instance) Pause() error {
	return i.ask(func(ctx context.Context) error {
		_, err := i.engine.ContainerPause(ctx, i.id, client.ContainerPauseOptions{})
		return err
	})
}

func (i *instance) Resume() error {
	return i.ask(func(ctx context.Context) error {
		_, err := i.engine.ContainerUnpause(ctx, i.id, client.ContainerUnpauseOptions{})
		return err
	})
}

// remove ends the container, and takes its volumes with it.
func (i *instance) remove(ctx context.Context) error {
	_, err := i.engine.ContainerRemove(ctx, i.id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if errdefs.IsNotFound(err) {
		err = nil
	}
	return errors.Join(err, i.log.close())
}

// logFile receives a container's output.
type logFile struct {
	path string
	mu   sync.Mutex
	file *os.File // nil once closed
}

func openLog(path string) (*logFile, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	return &logFile{path: path, file: file}, nil
}

// Accept implements testcontainers.LogConsumer.
func (l *logFile) Accept(log testcontainers.Log) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		l.file.Write(log.Content) // a full disk shows elsewhere; the engine has the log too
	}
}

func (l *logFile) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file == nil {
		return nil
	}
	err := l.file.Close()
	l.file = nil
	return err
}
