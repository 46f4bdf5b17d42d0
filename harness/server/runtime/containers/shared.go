package containers

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/mount"
	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/program"
	"hoplab.example/harness/server/runtime"
)

// volume is made once for a run, and read by several of its containers.
type volume struct {
	once sync.Once
	name string
	err  error
}

// Where containers have hoplab's own program.
const (
	programDir  = "/opt/hoplab/program"
	programName = "hoplab"
)

// mounts are the volumes of what an image lacks: jars, or hoplab's own program for a
// built-in component.
func (r *Runtime) mounts(ctx context.Context, c component.Component, found component.Image, report func(runtime.Download)) ([]mount.Mount, error) {
	var list []mount.Mount
	for _, pom := range found.Extra {
		to := found.Artefacts[slices.Index(c.Program.Poms, pom)]
		one, err := r.shared(ctx, found.Name, to, func() (string, error) {
			store := maven.Store{Dir: filepath.Join(r.options.Cache, "artefacts")}
			return store.InstallPom(ctx, pom, func(p maven.Progress) { report(runtime.Download{Done: p.Done, Total: p.Total, Waiting: p.Waiting}) })
		})
		if err != nil {
			return nil, fmt.Errorf("bring %s into a container: %w", pom, err)
		}
		list = append(list, one)
	}
	if c.Program.Builtin != "" {
		one, err := r.shared(ctx, found.Name, programDir, func() (string, error) {
			platform, err := r.engine.Platform(ctx)
			if err != nil {
				return "", err
			}
			return program.Static(ctx, r.options.Program, r.options.Cache, path.Base(platform))
		})
		if err != nil {
			return nil, fmt.Errorf("bring hoplab's own program into a container: %w", err)
		}
		list = append(list, one)
	}
	return list, nil
}

// shared returns the volume for a folder of containers. Whoever asks first has it
// filled with the folder, or the file, that find returns.
func (r *Runtime) shared(ctx context.Context, imageName, target string, find func() (string, error)) (mount.Mount, error) {
	r.mu.Lock()
	v := r.volumes[target]
	if v == nil {
		v = &volume{}
		r.volumes[target] = v
	}
	r.mu.Unlock()
	v.once.Do(func() {
		var from string
		if from, v.err = find(); v.err == nil {
			v.name, v.err = r.fill(ctx, imageName, target, from)
		}
	})
	return mount.Mount{Type: mount.TypeVolume, Source: v.name, Target: target, ReadOnly: true}, v.err
}

// fill makes a volume, and copies from into it through a container that is never
// started, which is how an engine anywhere takes files.
func (r *Runtime) fill(ctx context.Context, imageName, target, from string) (name string, err error) {
	ctx, cancel := whole(ctx)
	defer cancel()
	made, err := r.engine.VolumeCreate(ctx, client.VolumeCreateOptions{Labels: r.labels("")})
	if err != nil {
		return "", err
	}
	name = made.Volume.Name
	carrier, err := r.engine.ContainerCreate(ctx, client.ContainerCreateOptions{
		Config:     &container.Config{Image: imageName, Labels: r.labels(""), Entrypoint: []string{"/never-started"}},
		HostConfig: &container.HostConfig{Mounts: []mount.Mount{{Type: mount.TypeVolume, Source: name, Target: target}}},
	})
	if err != nil {
		return name, err
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(tree(writer, from)) }()
	_, err = r.engine.CopyToContainer(ctx, carrier.ID, client.CopyToContainerOptions{DestinationPath: target, Content: reader})
	reader.Close()
	_, removed := r.engine.ContainerRemove(ctx, carrier.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	return name, errors.Join(err, removed)
}

// tree writes the files of a folder, or a program, as a tar that everybody may read.
func tree(out io.Writer, from string) error {
	files := archive{Writer: tar.NewWriter(out), made: map[string]bool{}}
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		mode := int64(0o644)
		if rel == "." {
			rel, mode = programName, 0o755
		}
		return files.fromDisk(filepath.ToSlash(rel), mode, name)
	})
	return errors.Join(err, files.Close())
}
