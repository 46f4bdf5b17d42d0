package notebook

import (
	"context"
	"fmt"
)

// Executors passes each cell to the executor of its kind. A missing kind is an
// error of the harness.
type Executors map[Kind]Executor

// Run implements Executor.
func (e Executors) Run(ctx context.Context, c Cell) (string, error) {
	executor, ok := e[c.Kind]
	if !ok {
		return "", fmt.Errorf("there is no executor for %s cells", c.Kind)
	}
	return executor.Run(ctx, c)
}
