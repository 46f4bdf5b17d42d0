package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// Version asks the Elasticsearch at addr (host:port) for its version, such as
// "7.17.29". It doesn't go through the client, which refuses versions before
// 7.14.
func Version(ctx context.Context, addr string, login access.Login) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	version, err := askVersion(ctx, addr, login)
	if err != nil {
		return "", fmt.Errorf("ask Elasticsearch at %s for its version: %w", addr, dial.Explain("elasticsearch", addr, login, err))
	}
	return version, nil
}

// askVersion asks GET / and, where a node has no handler for that, as the
// distribution of 8.19 that plug-ins are tested with, GET /_nodes/_local.
func askVersion(ctx context.Context, addr string, login access.Login) (string, error) {
	var root struct{ Version struct{ Number string } }
	status, err := getJSON(ctx, addr, login, "/", &root)
	if err == nil && root.Version.Number == "" {
		return "", errors.New("its answer to GET / has no version.number; is it an Elasticsearch?")
	}
	if status != http.StatusMethodNotAllowed {
		return root.Version.Number, err
	}
	var local struct {
		Nodes map[string]struct{ Version string }
	}
	_, err = getJSON(ctx, addr, login, "/_nodes/_local", &local)
	for _, node := range local.Nodes {
		return node.Version, err
	}
	return "", errors.Join(err, errors.New("neither GET / nor GET /_nodes/_local tells it"))
}

func getJSON(ctx context.Context, addr string, login access.Login, path string, into any) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, dial.URL(login, addr)+path, nil)
	if err != nil {
		return 0, err
	}
	res, err := dial.Client(login).Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return res.StatusCode, err
	case res.StatusCode == http.StatusUnauthorized:
		return res.StatusCode, dial.ErrUnauthorized
	case res.StatusCode == http.StatusForbidden:
		return res.StatusCode, dial.ErrForbidden
	case res.StatusCode != http.StatusOK:
		return res.StatusCode, fmt.Errorf("GET %s: %s: %.200s", path, res.Status, body)
	}
	return res.StatusCode, json.Unmarshal(body, into)
}
