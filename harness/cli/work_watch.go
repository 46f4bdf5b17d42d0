package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must have been left alone: editors write one in
// several steps.
const settle = 200 * time.Millisecond

// unmadeError says that a check could not be made, so there is no result.
type unmadeError struct{ text string }

func (e unmadeError) Error() string { return e.text }

// watch runs the checks now and each time one of the student's files changes,
// until ctx ends. What is wrong with the files, or with one making of the checks,
// doesn't end it.
func (w work) watch(ctx context.Context, check func(context.Context) error) error {
	folder := w.book.Folder(w.lab)
	saved, err := watchFolder(folder)
	if err != nil {
		return fmt.Errorf("watch your files: %w; 'lab work %d --once' works without", err, w.lab.Number())
	}
	defer saved.watcher.Close()
	for {
		var failed failedError
		var unmade unmadeError
		if err := check(ctx); errors.As(err, &failed) || errors.As(err, &unmade) {
			w.say("%v", err)
		} else if err != nil {
			return err
		}
		w.say("waiting for a change in %s (Ctrl-C ends this)", folder)
		if err := saved.next(ctx); err != nil {
			if ctx.Err() != nil {
				w.say("the servers stay up: 'lab status' shows where, 'lab down' ends them")
				return errEnded
			}
			return err
		}
	}
}

// saves are the changes of a folder's files.
type saves struct {
	folder  string
	watcher *fsnotify.Watcher
}

// watchFolder watches the folder that the folder is in too, since 'lab reset' moves the
// folder away and makes another.
func watchFolder(folder string) (*saves, error) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	s := &saves{filepath.Clean(folder), watcher}
	if err := errors.Join(watcher.Add(filepath.Dir(s.folder)), watcher.Add(s.folder)); err != nil {
		watcher.Close()
		return nil, err
	}
	return s, nil
}

// next returns once a file has changed and then been left alone.
func (s *saves) next(ctx context.Context) error {
	var quiet <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-quiet:
			return nil
		case err := <-s.watcher.Errors:
			return err
		case event := <-s.watcher.Events:
			if event.Has(fsnotify.Chmod) || event.Name != s.folder && filepath.Dir(event.Name) != s.folder {
				continue
			}
			s.watcher.Add(s.folder) // it may be another folder now; where it is gone, its making will be seen
			quiet = time.After(settle)
		}
	}
}
