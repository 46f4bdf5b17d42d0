package containers

import (
	"archive/tar"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"

	"hoplab.example/harness/server/component"
)

// copyIn brings the component's folder with its files into the container, before its
// start: all in one request, and owned by the user that it runs as, so neither a shell
// nor root is needed inside.
func (r *Runtime) copyIn(found component.Image, site component.Site, plan component.Process) testcontainers.ContainerLifecycleHooks {
	return testcontainers.ContainerLifecycleHooks{PostCreates: []testcontainers.ContainerHook{
		func(ctx context.Context, container testcontainers.Container) error {
			var content bytes.Buffer
			files := archive{Writer: tar.NewWriter(&content), made: map[string]bool{}}
			if _, err := fmt.Sscanf(found.User, "%d:%d", &files.uid, &files.gid); err != nil {
				return fmt.Errorf("the user %q of %s isn't uid:gid: %w", found.User, found.Name, err)
			}
			if err := files.add(site, plan); err != nil {
				return err
			}
			_, err := r.engine.CopyToContainer(ctx, container.GetContainerID(), client.CopyToContainerOptions{DestinationPath: "/", Content: &content})
			return err
		},
	}}
}

// archive is a tar of files of one owner.
type archive struct {
	*tar.Writer
	uid, gid int
	made     map[string]bool // folders
}

func (a archive) add(site component.Site, plan component.Process) error {
	if err := a.folder(site.Dir); err != nil {
		return err
	}
	for _, f := range plan.Files {
		mode := int64(0o644)
		if f.Private {
			mode = 0o600
		}
		if err := a.file(path.Join(site.Dir, f.Path), mode, int64(len(f.Text)), strings.NewReader(f.Text)); err != nil {
			return err
		}
	}
	return a.Close()
}

func (a archive) fromDisk(name string, mode int64, path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	return a.file(name, mode, info.Size(), file)
}

func (a archive) file(name string, mode, size int64, content io.Reader) error {
	if err := a.folder(path.Dir(name)); err != nil {
		return err
	}
	header := &tar.Header{Name: strings.TrimPrefix(name, "/"), Mode: mode, Size: size, Uid: a.uid, Gid: a.gid}
	if err := a.WriteHeader(header); err != nil {
		return err
	}
	_, err := io.Copy(a, content)
	return err
}

// folder adds a folder, and those that it is in, once each.
func (a archive) folder(name string) error {
	if name == "/" || name == "." || a.made[name] {
		return nil
	}
	a.made[name] = true
	if err := a.folder(path.Dir(name)); err != nil {
		return err
	}
	return a.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: strings.TrimPrefix(name, "/") + "/", Mode: 0o755, Uid: a.uid, Gid: a.gid})
}
