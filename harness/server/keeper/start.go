package keeper

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime/containers"
	"hoplab.example/harness/server/runtime/local"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/reexec"
)

// startLimit is how long a keeper may take until it answers: it starts no
// component by itself.
const startLimit = 20 * time.Second

// Start returns a client of the keeper of config.Dir, and starts one where none
// runs. The program that calls it must offer [Role] to reexec.Run.
func Start(ctx context.Context, config Config) (*Client, error) {
	if err := os.MkdirAll(config.Dir, 0o711); err != nil {
		return nil, fmt.Errorf("make the run's folder: %w", err)
	}
	lock := flock.New(filepath.Join(filepath.Dir(config.Dir), lockFile))
	if _, err := lock.TryLockContext(ctx, statePoll); err != nil {
		return nil, fmt.Errorf("wait for another process that starts this run: %w", err)
	}
	defer lock.Unlock()
	if c, err := Attach(ctx, config.Dir); err == nil {
		return c, nil
	}
	if err := clear(ctx, config.Dir); err != nil {
		return nil, err
	}
	return launch(ctx, config)
}

// clear empties the folder of a keeper that is gone.
func clear(ctx context.Context, dir string) error {
	if err := sweep(ctx, dir); err != nil {
		return fmt.Errorf("clean up after an earlier run: %w", err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o711)
}

// sweep ends what a killed keeper has left.
func sweep(ctx context.Context, dir string) error {
	local.Sweep(dir)
	return containers.Sweep(ctx, dir)
}

func launch(ctx context.Context, config Config) (*Client, error) {
	if config.Runtime == "containers" {
		// The keeper would find out too, but its error has no hint once it is text.
		engine, err := image.NewEngine(ctx)
		if err != nil {
			return nil, err
		}
		engine.Close()
	}
	cmd, err := command(config)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(config.Dir, logFile))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the keeper: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		cmd.Wait()
		close(ended)
	}()
	ctx, cancel := context.WithTimeoutCause(ctx, startLimit, errors.New("the keeper didn't answer in time"))
	defer cancel()
	return await(ctx, config.Dir, ended)
}

func command(config Config) (*exec.Cmd, error) {
	cmd, err := reexec.Command(context.Background(), RoleName, config)
	if err != nil {
		return nil, err
	}
	proc.Detach(cmd) // Ctrl-C is for the one who asked, who then says stop
	return cmd, nil
}

func await(ctx context.Context, dir string, ended <-chan struct{}) (*Client, error) {
	for {
		if c, err := Attach(ctx, dir); err == nil {
			return c, nil
		}
		select {
		case <-ended:
			said, _ := os.ReadFile(filepath.Join(dir, logFile))
			return nil, fmt.Errorf("the keeper ended at once: %s", strings.TrimSpace(string(said)))
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(statePoll / 5):
		}
	}
}
