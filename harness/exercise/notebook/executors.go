package notebook

import (
	"context"
	"fmt"
)

// Executors gives each cell to its kind's executor. A kind that isn't there is an
// error of the harness.
type Executors map[Kind]Executor

// Run implements Executor.
func (e Executors) Run(ctx context.Context, c Cell) (string, error) {
	executor, ok := e[c.Kind]
	if !ok {
		return "", fmt.Errorf("nothing here runs %s cells", c.Kind)
	}
	return executor.Run(ctx, c)
}
