package image

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
)

// Builder makes images.
type Builder struct {
	Engine *Engine
	// Install returns the folder of an artefact, as maven.Store does.
	Install func(ctx context.Context, pom string) (dir string, err error)
	// Report hears what is being made, and whether it was there already.
	Report func(image string, done bool)
}

// Build makes the built images of these components, as far as the engine lacks
// them, and the base image first. Those that are ImageOnly are left out.
func (b Builder) Build(ctx context.Context, components []component.Component) error {
	if err := b.base(ctx); err != nil {
		return err
	}
	for _, c := range components {
		if c.Program.ImageOnly {
			continue
		}
		image, err := Built(c)
		if err != nil {
			return err
		}
		if err := b.one(ctx, c, image); err != nil {
			return fmt.Errorf("build the image %s: %w", image.Name, err)
		}
	}
	return nil
}

func (b Builder) base(ctx context.Context) error {
	if b.Engine.Has(ctx, Base()) {
		b.Report(Base(), true)
		return nil
	}
	b.Report(Base(), false)
	dir, err := os.MkdirTemp("", "hoplab-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := makeBase(ctx, dir)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	answer, err := b.Engine.ImageImport(ctx, client.ImageImportSource{Source: file, SourceName: "-"}, Base(), client.ImageImportOptions{})
	if err != nil {
		return fmt.Errorf("import the base image: %w", err)
	}
	return drain(answer)
}

// one adds the artefacts of c to the base.
func (b Builder) one(ctx context.Context, c component.Component, image Image) error {
	if b.Engine.Has(ctx, image.Name) {
		b.Report(image.Name, true)
		return nil
	}
	b.Report(image.Name, false)
	dirs := map[string]string{}
	for i, pom := range c.Program.Poms {
		dir, err := b.Install(ctx, pom)
		if err != nil {
			return err
		}
		dirs[dir] = image.Artefacts[i]
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(buildContext(writer, dirs)) }()
	defer reader.Close()
	answer, err := b.Engine.ImageBuild(ctx, reader, client.ImageBuildOptions{Tags: []string{image.Name}, Remove: true, ForceRemove: true})
	if err != nil {
		return err
	}
	if err := buildError(answer.Body); err != nil {
		return err
	}
	if !b.Engine.Has(ctx, image.Name) {
		return errors.New("the engine says that it is done, but has no such image")
	}
	return nil
}

// buildContext writes a Dockerfile and the folders that it copies, to where
// they go.
func buildContext(out io.Writer, dirs map[string]string) error {
	archive := tar.NewWriter(out)
	dockerfile := bytes.NewBufferString("FROM " + Base() + "\n")
	for from, to := range dirs {
		name := filepath.Base(from)
		fmt.Fprintf(dockerfile, "COPY %s %s\n", name, to)
		if err := addFolder(archive, from, name); err != nil {
			return err
		}
	}
	header := &tar.Header{Name: "Dockerfile", Mode: 0o644, Size: int64(dockerfile.Len())}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	if _, err := archive.Write(dockerfile.Bytes()); err != nil {
		return err
	}
	return archive.Close()
}

func addFolder(archive *tar.Writer, dir, name string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		header, err := tar.FileInfoHeader(info, "")
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		header.Name = filepath.ToSlash(filepath.Join(name, rel))
		header.Uid, header.Gid, header.Uname, header.Gname = 0, 0, "", ""
		if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
			return err
		}
		return addFile(archive, path)
	})
}

func addFile(archive *tar.Writer, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(archive, file)
	return err
}
