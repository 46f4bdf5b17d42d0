package run

import (
	"context"
	"fmt"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/ui"
)

// Boot is [Run.Ready] with each component's progress shown. After an error it takes
// the run down.
func (r *Run) Boot(ctx context.Context, u *ui.UI) error {
	board := u.Board()
	err := r.Ready(ctx, func(s keeper.State) { show(board, s, r.Names) })
	board.Close()
	if err != nil {
		r.Close(u)
	}
	return err
}

func show(board *ui.Board, state keeper.State, names []string) {
	for _, name := range names {
		c := state.Components[name]
		if c == nil {
			continue
		}
		switch c.Phase {
		case runtime.Ready:
			board.End(name, fmt.Sprintf("ready in %.1f s", c.Boot.Seconds()))
		case runtime.Failed:
			board.Fail(name, "failed")
		case runtime.Downloading:
			board.Set(name, c.Download.Done, c.Download.Total, Downloading(c.Download))
		default:
			board.Set(name, 0, 0, string(c.Phase))
		}
	}
}

// Downloading says how far a download is, or that it waits for another.
func Downloading(d runtime.Download) string {
	switch {
	case d.Waiting:
		return "waiting for another download"
	case d.Total == 0:
		return "downloading"
	case d.More:
		return fmt.Sprintf("downloading, %d of %d MiB and more", d.Done>>20, d.Total>>20)
	}
	return fmt.Sprintf("downloading, %d of %d MiB", d.Done>>20, d.Total>>20)
}
