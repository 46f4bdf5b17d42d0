package image_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/moby/moby/client"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/util/need"
)

// engine returns an engine, or skips.
func engine(t *testing.T) *image.Engine {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it needs a container engine")
	}
	e, err := image.NewEngine(t.Context())
	if err != nil {
		need.Engine.Skip(t, err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// serve returns the address of a registry on loopback.
func serve(t *testing.T, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// TestPull pushes an image to a registry and pulls it from there.
func TestPull(t *testing.T) {
	e := engine(t)
	name := serve(t, registry.New(registry.Logger(log.New(io.Discard, "", 0)))) + "/pulled:1"
	small(t, e, name)
	pushed, err := e.ImagePush(t.Context(), name, client.ImagePushOptions{RegistryAuth: "e30="})
	if err == nil {
		err = pushed.Wait(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	forget := func() {
		e.ImageRemove(context.WithoutCancel(t.Context()), name, client.ImageRemoveOptions{Force: true})
	}
	defer forget()
	forget()
	if err := e.CanPull(t.Context(), name); err != nil {
		t.Error(err)
	}
	if err := e.CanPull(t.Context(), strings.Replace(name, "pulled", "absent", 1)); err == nil {
		t.Error("an image that the registry lacks can be pulled")
	}
	locks(t, e, name, forget)
	forget()
	var last image.Pulled
	if err := e.Pull(t.Context(), name, func(p image.Pulled) {
		if p.Done < last.Done || p.Done > p.Total {
			t.Errorf("%+v after %+v", p, last)
		}
		last = p
	}); err != nil {
		t.Fatal(err)
	}
	if !e.Has(t.Context(), name) || last.Done != last.Total || last.Total < size || last.More {
		t.Errorf("after the pull: %+v, want %d bytes at least", last, size)
	}
}

// locks pulls the image, notes its digest, and pulls it by that.
func locks(t *testing.T, e *image.Engine, name string, forget func()) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "images.lock")
	lock, err := image.ReadLock(path)
	if err != nil || len(lock) != 0 {
		t.Fatalf("without a file: %v, %v", lock, err)
	}
	if err := e.PullLocked(t.Context(), lock, name, func(image.Pulled) {}); err != nil {
		t.Fatal(err)
	}
	lock.Note(t.Context(), e, name)
	if err := lock.Write(path); err != nil {
		t.Fatal(err)
	}
	if lock, err = image.ReadLock(path); err != nil || !strings.HasPrefix(lock[name], "sha256:") {
		t.Fatalf("read back: %v, %v", lock, err)
	}
	forget()
	if err := e.PullLocked(t.Context(), lock, name, func(image.Pulled) {}); err != nil || !e.Has(t.Context(), name) || lock.Check(t.Context(), e, name) != nil {
		t.Errorf("pulled by its digest: %v; then %v", err, lock.Check(t.Context(), e, name))
	}
	other := image.Lock{name: "sha256:" + strings.Repeat("0", 64)}
	if err := other.Check(t.Context(), e, name); err == nil || !strings.Contains(err.Error(), "isn't the one that is locked") {
		t.Errorf("another digest: %v", err)
	}
	forget()
	if err := e.PullLocked(t.Context(), other, name, func(image.Pulled) {}); err == nil || e.Has(t.Context(), name) {
		t.Errorf("a digest that the registry lacks was pulled: %v", err)
	}
	if err := os.WriteFile(path, []byte("# a comment\n"+name+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := image.ReadLock(path); err == nil || !strings.Contains(err.Error(), "images.lock:2: want NAME:TAG@sha256:") {
		t.Errorf("a line without a digest: %v", err)
	}
}

// size is that of the image's layer, in bytes that can't be compressed.
const size = 4 << 20

// small makes an image of one layer.
func small(t *testing.T, e *image.Engine, name string) {
	t.Helper()
	var layer bytes.Buffer
	archive := tar.NewWriter(&layer)
	if err := archive.WriteHeader(&tar.Header{Name: "random", Mode: 0o644, Size: size}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(archive, rand.Reader, size); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	made, err := e.ImageImport(t.Context(), client.ImageImportSource{Source: &layer, SourceName: "-"}, name, client.ImageImportOptions{})
	if err == nil {
		_, err = io.Copy(io.Discard, made)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestSilentRegistry: a registry that hangs is given up within 5 s.
func TestSilentRegistry(t *testing.T) {
	engine(t)
	name := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })) + "/x:1"
	began := time.Now()
	err := image.Available(t.Context(), []component.Component{{Name: "x", Program: component.Program{ImageOnly: true, Image: component.Image{Name: name}}}})
	if err == nil || !strings.Contains(err.Error(), "its registry didn't answer within 5s") || time.Since(began) > 6*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

func TestLoad(t *testing.T) {
	e := engine(t)
	const name = "hoplab-test/load:1"
	forget := func() {
		e.ImageRemove(context.WithoutCancel(t.Context()), name, client.ImageRemoveOptions{Force: true})
	}
	small(t, e, name)
	defer forget()
	archive, err := e.ImageSave(t.Context(), []string{name})
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var kept bytes.Buffer
	if _, err := io.Copy(&kept, archive); err != nil {
		t.Fatal(err)
	}
	forget()
	var zipped bytes.Buffer
	zip := gzip.NewWriter(&zipped)
	zip.Write(kept.Bytes())
	zip.Close()
	names, err := e.Load(t.Context(), &zipped)
	if err != nil || len(names) != 1 || names[0] != name || !e.Has(t.Context(), name) {
		t.Errorf("loaded %v, %v", names, err)
	}
	for _, text := range []string{"", "no archive", strings.Repeat("no archive ", 1000)} {
		if names, err := e.Load(t.Context(), strings.NewReader(text)); err == nil {
			t.Errorf("%.20q: loaded %v, want an error", text, names)
		}
	}
}
