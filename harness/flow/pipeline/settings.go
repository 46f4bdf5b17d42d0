package pipeline

import (
	"context"
	"encoding/json"
	"net/http"
)

// SetIndex gives the run's index a setting, such as "index.blocks.write"; nil takes
// it back.
func (p Pipeline) SetIndex(ctx context.Context, setting string, value any) error {
	body, err := json.Marshal(map[string]any{setting: value})
	if err != nil {
		return err
	}
	_, err = p.askElastic(ctx, http.MethodPut, "/"+p.Names.Index+"/_settings", body)
	return err
}
