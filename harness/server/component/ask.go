package component

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"hoplab.example/harness/server/access/dial"
)

// askJSON gets path from a component's port and decodes its JSON body into v.
// Any other answer than 200 with JSON is an error that quotes the answer's
// beginning.
func askJSON(ctx context.Context, at Addresses, name, port, path string, v any) error {
	login, addr := loginOf(at, name), at.Addr(name, port)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, dial.URL(login, addr)+path, nil)
	if err != nil {
		return err
	}
	res, err := dial.Client(login).Do(req)
	if err != nil {
		return dial.Explain(name, addr, login, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return err
	}
	switch res.StatusCode {
	case http.StatusUnauthorized:
		return dial.Explain(name, addr, login, dial.ErrUnauthorized)
	case http.StatusForbidden:
		return dial.Explain(name, addr, login, fmt.Errorf("%w: GET %s", dial.ErrForbidden, path))
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %.120s", path, res.Status, body)
	}
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("GET %s: no JSON: %.120s", path, body)
	}
	return nil
}
