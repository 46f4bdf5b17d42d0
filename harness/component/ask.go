package component

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// askJSON gets http://addr+path and decodes its JSON body into v. Any other
// answer than 200 with JSON is an error that quotes the answer's beginning.
func askJSON(ctx context.Context, addr, path string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %.120s", path, res.Status, body)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("GET %s: no JSON: %.120s", path, body)
	}
	return nil
}
