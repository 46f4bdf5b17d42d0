package containers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"github.com/moby/moby/api/pkg/stdcopy"
	"github.com/moby/moby/client"

	"hoplab.example/harness/server/image"
)

// Exec runs a command in the container of a run's component, and returns its
// exit code.
func Exec(ctx context.Context, dir, component string, command []string, stdout, stderr io.Writer) (int, error) {
	engine, err := image.NewEngine(ctx)
	if err != nil {
		return 0, err
	}
	defer engine.Close()
	filters := ofRun(dir).Add("label", componentLabel+"="+component)
	found, err := engine.ContainerList(ctx, client.ContainerListOptions{Filters: filters})
	if err != nil {
		return 0, err
	}
	if len(found.Items) == 0 {
		return 0, fmt.Errorf("%s has no container that runs", component)
	}
	return exec(ctx, engine, found.Items[0].ID, path.Join(siteDir, component), command, stdout, stderr)
}

func exec(ctx context.Context, engine *image.Engine, id, dir string, command []string, stdout, stderr io.Writer) (int, error) {
	made, err := engine.ExecCreate(ctx, id, client.ExecCreateOptions{Cmd: command, WorkingDir: dir, AttachStdout: true, AttachStderr: true})
	if err != nil {
		return 0, err
	}
	attached, err := engine.ExecAttach(ctx, made.ID, client.ExecAttachOptions{})
	if err != nil {
		return 0, err
	}
	defer attached.Close()
	stop := context.AfterFunc(ctx, attached.Close)
	defer stop()
	_, err = stdcopy.StdCopy(stdout, stderr, attached.Reader)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	end, inspected := engine.ExecInspect(ctx, made.ID, client.ExecInspectOptions{})
	return end.ExitCode, errors.Join(err, inspected)
}
