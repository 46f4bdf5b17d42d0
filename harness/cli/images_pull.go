package cli

import (
	"context"

	"hoplab.example/harness/run"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/version"
)

// publicImages are a stack's, each once.
func publicImages(versions version.Stack) (names []string) {
	seen := map[string]bool{"": true} // what is built into hoplab has none
	for _, c := range versions.Standard() {
		if name := c.Program.Image.Name; !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

func (a *app) pullImages(ctx context.Context, stack, path string) error {
	lock, err := image.ReadLock(path)
	if err != nil {
		return err
	}
	versions, engine, err := stackAndEngine(ctx, stack)
	if err != nil {
		return err
	}
	defer engine.Close()
	board := a.err.Board()
	defer board.Close()
	for _, name := range publicImages(versions) {
		if engine.Has(ctx, name) {
			if err := lock.Check(ctx, engine, name); err != nil {
				return err
			}
			lock.Note(ctx, engine, name)
			board.End(name, "is there")
			continue
		}
		err := engine.PullLocked(ctx, lock, name, func(p image.Pulled) {
			board.Set(name, p.Done, p.Total, run.Downloading(runtime.Download{Done: p.Done, Total: p.Total, More: p.More}))
		})
		if err != nil {
			return err
		}
		lock.Note(ctx, engine, name)
		board.End(name, "is there now")
	}
	if path == "" {
		return nil
	}
	return lock.Write(path)
}
