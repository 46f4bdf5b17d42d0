package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
)

// Builder makes lookalikes of public images.
type Builder struct {
	Engine *Engine
	// Install returns the folder of an artefact, as maven.Store does.
	Install func(ctx context.Context, pom string) (dir string, err error)
	// Public gives the images the public names. Otherwise they are called after hoplab.
	Public bool
	// Report hears what is being made, and whether it was there already.
	Report func(image string, done bool)
}

// Build makes the lookalikes of the images of these components, as far as the engine
// lacks them, and the base image first. Those that are ImageOnly are left out.
func (b Builder) Build(ctx context.Context, components []component.Component) error {
	made := map[string]bool{}
	for _, c := range components {
		public := c.Program.Image.Name
		if made[public] || c.Program.ImageOnly {
			continue
		}
		made[public] = true
		if err := b.one(ctx, newLookalike(public)); err != nil {
			return fmt.Errorf("build a lookalike of %s: %w", public, err)
		}
	}
	return nil
}

func (b Builder) base(ctx context.Context) error {
	if b.Engine.Has(ctx, Base()) {
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

func (b Builder) one(ctx context.Context, k lookalike) error {
	name := lookalikeName(k.public)
	if b.Public {
		name = k.public
	}
	done, err := b.there(ctx, name, k.sum())
	if err != nil || done {
		b.Report(name, done)
		return err
	}
	if err := b.base(ctx); err != nil {
		return err
	}
	b.Report(name, false)
	var dirs []string
	for _, pom := range k.poms {
		dir, err := b.Install(ctx, pom)
		if err != nil {
			return err
		}
		dirs = append(dirs, dir)
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(buildContext(writer, k.dockerfile(), dirs)) }()
	defer reader.Close()
	answer, err := b.Engine.ImageBuild(ctx, reader, client.ImageBuildOptions{
		Tags: []string{name}, Labels: map[string]string{lookalikeLabel: k.sum()}, Remove: true, ForceRemove: true,
	})
	if err != nil {
		return err
	}
	if err := buildError(answer.Body); err != nil {
		return err
	}
	if !b.Engine.Has(ctx, name) {
		return errors.New("the engine says that it is done, but has no such image")
	}
	return nil
}

// there reports whether the engine has the image as it is now. One under a public name
// that isn't a lookalike is the real one.
func (b Builder) there(ctx context.Context, name, sum string) (bool, error) {
	found, err := b.Engine.ImageInspect(ctx, name)
	if err != nil {
		return false, nil
	}
	switch label, ours := found.Config.Labels[lookalikeLabel]; {
	case !ours:
		return false, errors.New("the engine has the image itself, which is better: it isn't replaced")
	default:
		return label == sum, nil
	}
}

// buildContext writes a Dockerfile, and what is in these folders as the folder "jars".
func buildContext(out io.Writer, dockerfile string, dirs []string) error {
	archive := tar.NewWriter(out)
	seen := map[string]bool{}
	for _, dir := range dirs {
		if err := addFolder(archive, dir, "jars", seen); err != nil {
			return err
		}
	}
	header := &tar.Header{Name: "Dockerfile", Mode: 0o644, Size: int64(len(dockerfile))}
	if err := archive.WriteHeader(header); err != nil {
		return err
	}
	if _, err := io.WriteString(archive, dockerfile); err != nil {
		return err
	}
	return archive.Close()
}

// addFolder adds what is in a folder, once: artefacts have jars in common.
func addFolder(archive *tar.Writer, dir, name string, seen map[string]bool) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || isLeft(entry.Name()) {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		to := filepath.ToSlash(filepath.Join(name, rel))
		if seen[to] {
			return nil
		}
		seen[to] = true
		return addEntry(archive, path, to)
	})
}

func isLeft(name string) bool {
	return slices.ContainsFunc(left, func(begin string) bool { return strings.HasPrefix(name, begin) })
}

func addEntry(archive *tar.Writer, path, to string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	header, err := tar.FileInfoHeader(info, "")
	if err != nil {
		return err
	}
	header.Name, header.Uid, header.Gid, header.Uname, header.Gname = to, 0, 0, "", ""
	if err := archive.WriteHeader(header); err != nil || !info.Mode().IsRegular() {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = io.Copy(archive, file)
	return err
}
