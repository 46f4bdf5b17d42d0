package compat

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const versionLimit = 20 * time.Second

// askVersion asks a node which version it is: by GET /, as Grafana does, or by
// GET /_nodes/_local where it doesn't answer that.
func askVersion(ctx context.Context, addr string) (version string, rooted bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, versionLimit)
	defer cancel()
	var root struct{ Version struct{ Number string } }
	status, err := get(ctx, addr, "/", &root)
	if err != nil || status == http.StatusOK {
		return root.Version.Number, true, err
	}
	var local struct {
		Nodes map[string]struct{ Version string }
	}
	if status, err = get(ctx, addr, "/_nodes/_local", &local); err != nil {
		return "", false, err
	}
	for _, node := range local.Nodes {
		return node.Version, false, nil
	}
	return "", false, fmt.Errorf("no version is told by Elasticsearch at %s, neither at GET / nor at GET /_nodes/_local, which says %d", addr, status)
}

// get decodes an answer that is 200.
func get(ctx context.Context, addr, path string, v any) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return res.StatusCode, nil
	}
	if err := json.NewDecoder(res.Body).Decode(v); err != nil {
		return res.StatusCode, fmt.Errorf("read the answer of %s to GET %s: %w", addr, path, err)
	}
	return res.StatusCode, nil
}

// release is a version's first two numbers, by which all rules go.
type release struct{ major, minor int }

func parseRelease(version string) (release, error) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return release{}, fmt.Errorf("version %q has no minor number", version)
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return release{major, minor}, errors.Join(err1, err2)
}

func (r release) compare(o release) int {
	return cmp.Or(cmp.Compare(r.major, o.major), cmp.Compare(r.minor, o.minor))
}

func (r release) String() string { return fmt.Sprintf("%d.%d", r.major, r.minor) }
