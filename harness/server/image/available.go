package image

import (
	"context"
	"fmt"

	"hoplab.example/harness/server/component"
)

// Available reports why these components can't run in containers: no engine
// answers (*EngineError), or an image can't be had (*MissingError).
func Available(ctx context.Context, components []component.Component) error {
	engine, err := NewEngine(ctx)
	if err != nil {
		return err
	}
	defer engine.Close()
	asked := map[string]bool{}
	for _, c := range components {
		if c.Program.Builtin != "" {
			continue // it takes the base image, or none
		}
		key := fmt.Sprint(c.Program.Poms, c.Program.Image.Name) // Flink's three share theirs
		if asked[key] {
			continue
		}
		asked[key] = true
		if _, err := Find(ctx, engine, c); err != nil {
			return err
		}
	}
	return nil
}
