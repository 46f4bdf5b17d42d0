package containers

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/image"
)

const (
	// markerFile says in a run's folder that an engine may have something of it.
	markerFile = "containers"
	// runLabel has the run's folder, on all that was made for it.
	runLabel       = "hoplab.run"
	componentLabel = "hoplab.component"
)

func (r *Runtime) labels(component string) map[string]string {
	labels := map[string]string{runLabel: r.options.Dir}
	if component != "" {
		labels[componentLabel] = component
	}
	return labels
}

// Sweep removes what a killed run left behind: the containers, networks and volumes
// with its label, and nothing else. It asks no engine about a run whose folder shows
// that there is nothing of it.
func Sweep(ctx context.Context, dir string) error {
	if _, err := os.Stat(filepath.Join(dir, markerFile)); err != nil {
		return nil
	}
	engine, err := image.NewEngine(ctx)
	if err != nil {
		return err
	}
	defer engine.Close()
	return sweep(ctx, engine, dir)
}

// sweep has the folder show it when nothing is left.
func sweep(ctx context.Context, engine *image.Engine, dir string) error {
	err := errors.Join(sweepContainers(ctx, engine, dir), sweepNetworks(ctx, engine, dir), sweepVolumes(ctx, engine, dir))
	if err == nil {
		os.Remove(filepath.Join(dir, markerFile))
	}
	return err
}

func ofRun(dir string) client.Filters { return client.Filters{}.Add("label", runLabel+"="+dir) }

func sweepContainers(ctx context.Context, engine *image.Engine, dir string) error {
	found, err := engine.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: ofRun(dir)})
	for _, c := range found.Items {
		_, removed := engine.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		err = errors.Join(err, removed)
	}
	return err
}

func sweepNetworks(ctx context.Context, engine *image.Engine, dir string) error {
	found, err := engine.NetworkList(ctx, client.NetworkListOptions{Filters: ofRun(dir)})
	for _, n := range found.Items {
		_, removed := engine.NetworkRemove(ctx, n.ID, client.NetworkRemoveOptions{})
		err = errors.Join(err, removed)
	}
	return err
}

func sweepVolumes(ctx context.Context, engine *image.Engine, dir string) error {
	found, err := engine.VolumeList(ctx, client.VolumeListOptions{Filters: ofRun(dir)})
	for _, v := range found.Items {
		_, removed := engine.VolumeRemove(ctx, v.Name, client.VolumeRemoveOptions{Force: true})
		err = errors.Join(err, removed)
	}
	return err
}
