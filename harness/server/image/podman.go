package image

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/containerd/errdefs"
	"github.com/distribution/reference"

	"hoplab.example/harness/util/httpjson"
)

// asksNoRegistry reports whether an engine refuses to look into registries by
// Docker's interface: Podman answers 404, "Path /v1.40/distribution/… is not
// supported" (recorded from 4.3.1).
func asksNoRegistry(err error) bool {
	return errdefs.IsNotFound(err) && strings.Contains(err.Error(), "is not supported")
}

// podmanCanPull asks Podman's own interface for the image's manifest, which Podman
// reads in the registry (docs.podman.io, API, libpod/manifests/{name}/json).
func (e *Engine) podmanCanPull(ctx context.Context, name string) error {
	whole, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return err
	}
	dial := e.Dialer()
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return dial(ctx) }}
	defer transport.CloseIdleConnections()
	at := "http://podman/v4.0.0/libpod/manifests/" + url.PathEscape(whole.String()) + "/json"
	return httpjson.Do(ctx, &http.Client{Transport: transport}, httpjson.Request{URL: at}, nil)
}
