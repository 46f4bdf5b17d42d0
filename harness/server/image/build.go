package image

import (
	"archive/tar"
	"context"
	"crypto/sha256"
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
	// Program returns the path of hoplab's own program, linked statically for the
	// engine's platform.
	Program func(ctx context.Context) (path string, err error)
	// Public gives the images the public names, and makes stand-ins for those that are
	// ImageOnly. Otherwise they are called after hoplab.
	Public bool
	// Report hears what is being made, and whether it was there already.
	Report func(image string, done bool)
}

// Build makes the lookalikes of the images of these components, as far as the engine
// lacks them, and the base images first.
func (b Builder) Build(ctx context.Context, components []component.Component) error {
	made := map[string]bool{}
	for _, c := range components {
		public := c.Program.Image.Name
		if made[public] || c.Program.ImageOnly && !b.Public {
			continue
		}
		made[public] = true
		if err := b.one(ctx, newLookalike(public)); err != nil {
			return fmt.Errorf("build a lookalike of %s: %w", public, err)
		}
	}
	return nil
}

func (b Builder) base(ctx context.Context, of base) error {
	if b.Engine.Has(ctx, of.Name()) {
		return nil
	}
	b.Report(of.Name(), false)
	dir, err := os.MkdirTemp("", "hoplab-image-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := of.make(ctx, dir)
	if err != nil {
		return err
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	answer, err := b.Engine.ImageImport(ctx, client.ImageImportSource{Source: file, SourceName: "-"}, of.Name(), client.ImageImportOptions{})
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
	files, err := b.program(ctx, &k)
	if err != nil {
		return err
	}
	done, err := b.there(ctx, name, k.sum())
	if err != nil || done {
		b.Report(name, done)
		return err
	}
	if err := b.base(ctx, k.base()); err != nil {
		return err
	}
	b.Report(name, false)
	for _, pom := range k.poms {
		dir, err := b.Install(ctx, pom)
		if err != nil {
			return err
		}
		files = append(files, content{dir, "jars"})
	}
	reader, writer := io.Pipe()
	go func() { writer.CloseWithError(buildContext(writer, k.dockerfile(), files)) }()
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

// program returns what a stand-in runs, and has its sum be part of the lookalike's.
func (b Builder) program(ctx context.Context, k *lookalike) ([]content, error) {
	if !k.standIn {
		return nil, nil
	}
	path, err := b.Program(ctx)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(path)
	k.program = fmt.Sprintf("%x", sha256.Sum256(text))
	return []content{{path, "program"}}, err
}

// content is a file, or what is in a folder, and its name in a build's context.
type content struct{ from, name string }

// buildContext writes a Dockerfile, and files beside it.
func buildContext(out io.Writer, dockerfile string, files []content) error {
	archive := tar.NewWriter(out)
	seen := map[string]bool{}
	for _, c := range files {
		if err := addFolder(archive, c.from, c.name, seen); err != nil {
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
