// Package esversion asks an Elasticsearch which version it is, and compares
// versions by their first two numbers. It doesn't go through go-elasticsearch,
// which refuses 7.6.0, since that doesn't name its product (genuineCheckHeader).
package esversion

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

const answerLimit = 20 * time.Second

// Node is what an Elasticsearch says of itself.
type Node struct {
	Version string // such as 7.17.29
	// Rooted: it answers GET /. The distribution of 8.19 that plug-ins are tested
	// with has no handler for that, and answers 405.
	Rooted bool
}

// Ask asks the Elasticsearch at addr (host:port), by GET / and, where the node has
// no handler for that, by GET /_nodes/_local.
func Ask(ctx context.Context, addr string, login access.Login) (Node, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	server := dial.Server{Component: "elasticsearch", Addr: addr, Login: login}
	var root struct{ Version struct{ Number string } }
	err := server.Ask(ctx, http.MethodGet, "/", nil, &root)
	switch {
	case err == nil && root.Version.Number == "":
		err = errors.New("its answer to GET / has no version.number; is it an Elasticsearch?")
	case err == nil:
		return Node{root.Version.Number, true}, nil
	case httpjson.Code(err) == http.StatusMethodNotAllowed:
		version, err := Local(ctx, server)
		if err != nil {
			return Node{}, fmt.Errorf("ask Elasticsearch at %s for its version: neither GET / nor GET /_nodes/_local has it: %w", addr, err)
		}
		return Node{version, false}, nil
	}
	return Node{}, fmt.Errorf("ask Elasticsearch at %s for its version: %w", addr, err)
}

// Local asks GET /_nodes/_local alone.
func Local(ctx context.Context, server dial.Server) (string, error) {
	var local struct {
		Nodes map[string]struct{ Version string }
	}
	if err := server.Ask(ctx, http.MethodGet, "/_nodes/_local", nil, &local); err != nil {
		return "", err
	}
	for _, node := range local.Nodes {
		return node.Version, nil
	}
	return "", errors.New("GET /_nodes/_local names no node")
}
