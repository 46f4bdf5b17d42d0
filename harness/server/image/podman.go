package image

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"

	"github.com/distribution/reference"
	"github.com/moby/moby/api/types/system"
	"github.com/moby/moby/client"

	"hoplab.example/harness/util/httpjson"
)

// isPodman asks the engine what it is. Podman's answer has a component "Podman Engine"
// (recorded from 4.3.1).
func (e *Engine) isPodman(ctx context.Context) bool {
	version, err := e.ServerVersion(ctx, client.ServerVersionOptions{})
	return err == nil && slices.ContainsFunc(version.Components, func(c system.ComponentVersion) bool { return c.Name == "Podman Engine" })
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
