package image

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/moby/moby/client"
)

// engineLimit is how long a container engine may take to say that it is there.
const engineLimit = 5 * time.Second

// Engine is a container engine that answers.
type Engine struct{ *client.Client }

// NewEngine asks the engine that DOCKER_HOST names, or the default one. Its
// error is an *EngineError.
func NewEngine(ctx context.Context) (*Engine, error) {
	engine, err := client.New(client.FromEnv)
	if err != nil {
		return nil, &EngineError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, engineLimit)
	defer cancel()
	if _, err := engine.Ping(ctx, client.PingOptions{NegotiateAPIVersion: true}); err != nil {
		engine.Close()
		return nil, &EngineError{err}
	}
	return &Engine{engine}, nil
}

// EngineError says that no container engine answers.
type EngineError struct{ Cause error }

func (e *EngineError) Error() string { return fmt.Sprintf("no container engine answers: %v", e.Cause) }

func (e *EngineError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *EngineError) Hint() string {
	return "start it (Debian: apt-get install docker.io; systemctl start docker), add yourself to the group docker if it refuses you,\nor run without containers: --runtime local"
}

// Has reports whether the engine has an image.
func (e *Engine) Has(ctx context.Context, name string) bool {
	_, err := e.ImageInspect(ctx, name)
	return err == nil
}

// CanPull reports why an image can't be pulled, without pulling it.
func (e *Engine) CanPull(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*engineLimit)
	defer cancel()
	_, err := e.DistributionInspect(ctx, name, client.DistributionInspectOptions{})
	return err
}

// Pull pulls an image.
func (e *Engine) Pull(ctx context.Context, name string) error {
	answer, err := e.ImagePull(ctx, name, client.ImagePullOptions{})
	if err == nil {
		err = answer.Wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("pull the image %s: %w", name, err)
	}
	return nil
}

// drain reads an answer to its end: the engine works while it is read.
func drain(r io.ReadCloser) error {
	defer r.Close()
	_, err := io.Copy(io.Discard, r)
	return err
}
