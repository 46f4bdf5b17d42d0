package image

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
)

// engineLimit is how long a container engine may take to say that it is there.
const engineLimit = 5 * time.Second

// Engine is a container engine that answers.
type Engine struct{ *client.Client }

// NewEngine asks the engine that the user has chosen, or the first that answers at a
// usual socket. Its error is an *EngineError.
func NewEngine(ctx context.Context) (*Engine, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, &EngineError{Cause: err}
	}
	return newEngine(ctx, home, os.Getenv)
}

func newEngine(ctx context.Context, home string, env func(string) string) (*Engine, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, engineLimit, fmt.Errorf("it didn't answer within %v", engineLimit))
	defer cancel()
	found, chosen, err := endpoints(home, env)
	if err != nil {
		return nil, &EngineError{Cause: err}
	}
	if len(found) == 0 {
		return nil, &EngineError{Cause: fmt.Errorf("there is none of the sockets %s", strings.Join(sockets(home, env), ", ")), None: true}
	}
	var errs []error
	for _, at := range found {
		engine, err := ask(ctx, at)
		if err == nil {
			return engine, nil
		}
		errs = append(errs, fmt.Errorf("%v: %w", at, err))
	}
	return nil, &EngineError{Cause: errors.Join(errs...), Chosen: chosen}
}

// ask returns the engine at an address, if it answers and can be used from here.
func ask(ctx context.Context, at endpoint) (*Engine, error) {
	if err := at.remote(); err != nil {
		return nil, err
	}
	engine, err := client.New(client.FromEnv, client.WithHost(at.host))
	if err != nil {
		return nil, err
	}
	if _, err := engine.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		engine.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, err
	}
	return &Engine{engine}, nil
}

// EngineError says that no container engine answers, or none that can be used.
type EngineError struct {
	Cause error
	// None: no address was chosen, and none of the usual sockets exists.
	None bool
	// Chosen: the user's settings name the address.
	Chosen bool
}

func (e *EngineError) Error() string { return fmt.Sprintf("no container engine answers: %v", e.Cause) }

func (e *EngineError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *EngineError) Hint() string {
	if e.Chosen {
		return "start that engine, or choose another: DOCKER_HOST, 'docker context use', or tc.host in " + testcontainersFile + ";\nor run without containers: --runtime local"
	}
	return "start it (Debian: apt-get install docker.io; systemctl start docker), add yourself to the group docker if it refuses you,\nor run without containers: --runtime local"
}

// Has reports whether the engine has an image.
func (e *Engine) Has(ctx context.Context, name string) bool {
	_, err := e.ImageInspect(ctx, name)
	return err == nil
}

// CanPull reports why an image can't be pulled, without pulling it.
func (e *Engine) CanPull(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	_, err := e.DistributionInspect(ctx, name, client.DistributionInspectOptions{})
	if errdefs.IsNotFound(err) && e.isPodman(ctx) { // it looks into no registry by Docker's interface
		err = e.podmanCanPull(ctx, name)
	}
	if ctx.Err() != nil {
		return fmt.Errorf("its registry didn't answer within %v", engineLimit)
	}
	return err
}

// drain reads an answer to its end: the engine works while it is read.
func drain(r io.ReadCloser) error {
	defer r.Close()
	_, err := io.Copy(io.Discard, r)
	return err
}
