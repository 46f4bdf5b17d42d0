package image

import (
	"context"
	"fmt"

	"github.com/moby/moby/api/types/jsonstream"
	"github.com/moby/moby/client"
)

// Pulled is how much of an image's layers has come, in bytes as the registry has them.
type Pulled struct {
	Done, Total int64
	// More: the size of some layers isn't known yet, and not in Total.
	More bool
}

// Pull pulls an image. report is called for each change, from this goroutine. The error
// is a *PullError.
func (e *Engine) Pull(ctx context.Context, name string, report func(Pulled)) error {
	if err := e.pull(ctx, name, report); err != nil {
		return &PullError{name, err}
	}
	return nil
}

// PullError says that an image couldn't be pulled.
type PullError struct {
	Image string
	Cause error
}

func (e *PullError) Error() string { return fmt.Sprintf("pull the image %s: %v", e.Image, e.Cause) }

func (e *PullError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *PullError) Hint() string {
	return "look whether the engine reaches the registry ('docker pull " + e.Image + "');\nor take the images over from another machine: 'lab images save FILE' there, 'lab images load FILE' here"
}

func (e *Engine) pull(ctx context.Context, name string, report func(Pulled)) error {
	answer, err := e.ImagePull(ctx, name, client.ImagePullOptions{})
	if err != nil {
		return err
	}
	layers := layers{}
	for message, err := range answer.JSONMessages(ctx) {
		if err != nil {
			return err
		}
		if message.Error != nil {
			return message.Error
		}
		if layers.note(message) {
			report(layers.sum())
		}
	}
	return ctx.Err()
}

// layer is how much of it has come; total is 0 until that is known.
type layer struct {
	done, total int64
	here        bool
}

// layers are those of one image, by their short digests.
type layers map[string]*layer

// note takes an engine's message, and reports whether it changes the sum. Docker's
// words for a layer are "Pulling fs layer", "Waiting", "Downloading", "Verifying
// Checksum", "Download complete", "Extracting", "Pull complete" and "Already exists"
// (moby, daemon/internal/distribution). Only the download is in bytes of the registry.
func (l layers) note(m jsonstream.Message) bool {
	if m.ID == "" {
		return false
	}
	one := l[m.ID]
	switch m.Status {
	case "Pulling fs layer", "Waiting":
		if one == nil {
			l[m.ID] = &layer{}
		}
		return one == nil
	case "Downloading":
		if one == nil {
			one = &layer{}
			l[m.ID] = one
		}
		if m.Progress == nil || one.here {
			return false
		}
		one.done, one.total = m.Progress.Current, max(m.Progress.Total, one.total)
		return true
	case "Verifying Checksum", "Download complete", "Extracting", "Pull complete":
		if one == nil || one.here {
			return false
		}
		one.here, one.done = true, one.total
		return true
	}
	return false // "Already exists", and what isn't about a layer
}

func (l layers) sum() (p Pulled) {
	for _, one := range l {
		p.Done += one.done
		p.Total += one.total
		p.More = p.More || one.total <= 0 && !one.here
	}
	return p
}
