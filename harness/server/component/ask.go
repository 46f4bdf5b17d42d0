package component

import (
	"context"
	"net/http"

	"hoplab.example/harness/server/access/dial"
)

// askJSON gets path from a component's port and decodes its JSON body into v.
func askJSON(ctx context.Context, at Addresses, name, port, path string, v any) error {
	server := dial.Server{Component: name, Addr: at.Addr(name, port), Login: loginOf(at, name)}
	return server.Ask(ctx, http.MethodGet, path, nil, v)
}
