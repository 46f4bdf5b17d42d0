package image

import (
	"context"
	"sync"

	"hoplab.example/harness/server/component"
)

// Available reports why these components can't run in containers: no engine
// answers (*EngineError), or an image can't be had (*MissingError). All registries are
// asked at the same time, so that ctx is a limit for each.
func Available(ctx context.Context, components []component.Component) error {
	engine, err := NewEngine(ctx)
	if err != nil {
		return err
	}
	defer engine.Close()
	asked := map[string]bool{}
	errs := make([]error, len(components))
	var group sync.WaitGroup
	for i, c := range components {
		if asked[c.Program.Image.Name] { // Flink's three share theirs
			continue
		}
		asked[c.Program.Image.Name] = true
		group.Go(func() { _, errs[i] = Find(ctx, engine, c) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
