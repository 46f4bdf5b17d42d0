package cli

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"hoplab.example/harness/util/atomicfile"
)

// saveImages writes the images in which a stack's components run.
func (a *app) saveImages(ctx context.Context, stack, path string) error {
	versions, engine, err := stackAndEngine(ctx, stack)
	if err != nil {
		return err
	}
	defer engine.Close()
	var names, missing []string
	for _, l := range imageLines(ctx, engine, versions) {
		if l.State == "there" {
			names = append(names, l.Image)
		} else {
			missing = append(missing, l.Component)
		}
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		return errors.New("the engine has no image of this stack: 'lab images pull' pulls them, 'lab dev images build' makes them")
	}
	if len(missing) > 0 {
		a.err.Say("not there, so left out: %s", strings.Join(missing, ", "))
	}
	archive, err := engine.ImageSave(ctx, names)
	if err != nil {
		return err
	}
	defer archive.Close()
	board := a.err.Board()
	defer board.Close()
	var source io.Reader = &counted{from: archive, say: func(n int64) {
		board.Set(path, 0, 0, fmt.Sprintf("saving, %d MiB", n>>20))
	}}
	if strings.HasSuffix(path, ".gz") {
		source = zipped(source)
	}
	if err = atomicfile.Copy(path, source); err == nil {
		board.End(path, "has "+strings.Join(names, ", "))
	}
	return err
}

func zipped(from io.Reader) io.Reader {
	reader, writer := io.Pipe()
	go func() {
		zip, _ := gzip.NewWriterLevel(writer, gzip.BestSpeed) // a level that it knows
		_, err := io.Copy(zip, from)
		writer.CloseWithError(errors.Join(err, zip.Close()))
	}()
	return reader
}

// counted reports each piece that is read, by how many bytes there were so far.
type counted struct {
	from io.Reader
	n    int64
	say  func(n int64)
}

func (p *counted) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.n += int64(n)
	p.say(p.n)
	return n, err
}

// loadImages has the engine take a file's images, and says what a stack still lacks.
func (a *app) loadImages(ctx context.Context, stack, path string) error {
	versions, engine, err := stackAndEngine(ctx, stack)
	if err != nil {
		return err
	}
	defer engine.Close()
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	board := a.err.Board()
	loaded, err := engine.Load(ctx, &counted{from: file, say: func(n int64) {
		board.Set(path, n, info.Size(), fmt.Sprintf("loading, %d of %d MiB", n>>20, info.Size()>>20))
	}})
	if err == nil {
		board.End(path, fmt.Sprintf("%d MiB are loaded", info.Size()>>20))
	}
	board.Close()
	if err != nil {
		return fmt.Errorf("load the images in %s: %w", path, err)
	}
	for _, name := range loaded {
		fmt.Fprintln(a.out, name)
	}
	for _, l := range imageLines(ctx, engine, versions) {
		if l.State != "there" {
			a.err.Say("the stack %s still lacks the image of %s: %s", versions.Name, l.Component, l.Image)
		}
	}
	return nil
}
