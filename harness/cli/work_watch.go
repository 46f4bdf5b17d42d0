package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

func indent(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n             ")
}

// settle is how long a file must have been left alone: editors write one in
// several steps.
const settle = 200 * time.Millisecond

// watch makes the checks now and each time one of the student's files changes,
// until ctx ends.
func (w work) watch(ctx context.Context) error {
	watcher, err := fsnotify.NewWatcher()
	if err == nil {
		defer watcher.Close()
		err = watcher.Add(w.book.Folder(w.lesson))
	}
	if err != nil {
		return fmt.Errorf("watch your files: %w; 'lab work %d --once' works without", err, w.lesson.Number())
	}
	for {
		if err := w.once(ctx); err != nil {
			var failed failedError
			if !errors.As(err, &failed) {
				return err
			}
			w.err.Say("%s", failed.text)
		}
		w.err.Say("waiting for a change in %s (Ctrl-C ends this)", w.book.Folder(w.lesson))
		if err := changed(ctx, watcher); err != nil {
			if ctx.Err() != nil {
				w.err.Say("the servers stay up: 'lab status' shows where, 'lab down' ends them")
				return errEnded
			}
			return err
		}
	}
}

// changed returns once a file has changed and then been left alone.
func changed(ctx context.Context, watcher *fsnotify.Watcher) error {
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-quiet:
			return nil
		case err := <-watcher.Errors:
			return err
		case event := <-watcher.Events:
			if !event.Has(fsnotify.Chmod) {
				quiet = time.After(settle)
			}
		}
	}
}
