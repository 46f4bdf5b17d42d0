// Package elastic sets up indices and index templates of Elasticsearch. It also
// works with 7.6, which go-elasticsearch refuses.
package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// Client asks the node at Addr (host:port).
type Client struct {
	Addr  string
	Login access.Login
}

// ask returns the status and the answer. A status that is neither 200 nor 404 is
// an error too.
func (c Client) ask(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	server := dial.Server{Component: "elasticsearch", Addr: c.Addr, Login: c.Login}
	said, err := server.Send(ctx, httpjson.Request{Method: method, URL: path, Body: body})
	if err != nil {
		return 0, nil, err
	}
	if said.Code != http.StatusOK && said.Code != http.StatusNotFound {
		return said.Code, nil, fmt.Errorf("answer of Elasticsearch at %s: %w", c.Addr, said.Refusal())
	}
	return said.Code, said.Body, nil
}

// CreateIndex creates an index with settings (JSON) that come on top of its
// template's.
func (c Client) CreateIndex(ctx context.Context, name string, settings []byte) error {
	if _, _, err := c.ask(ctx, http.MethodPut, "/"+name, settings); err != nil {
		return fmt.Errorf("create the index %q: %w", name, err)
	}
	return nil
}

// SetIndex changes a setting of an index, such as "index.blocks.write"; nil resets
// it to its default.
func (c Client) SetIndex(ctx context.Context, name, setting string, value any) error {
	body, err := json.Marshal(map[string]any{setting: value})
	if err != nil {
		return err
	}
	_, _, err = c.ask(ctx, http.MethodPut, "/"+name+"/_settings", body)
	return err
}

// HasIndex reports whether there is such an index.
func (c Client) HasIndex(ctx context.Context, name string) (bool, error) {
	status, _, err := c.ask(ctx, http.MethodGet, "/"+name, nil)
	return status == http.StatusOK, err
}

// DeleteIndex deletes an index. One that isn't there isn't an error.
func (c Client) DeleteIndex(ctx context.Context, name string) error {
	_, _, err := c.ask(ctx, http.MethodDelete, "/"+url.PathEscape(name), nil)
	return err
}

// DeleteIndices deletes the indices whose names begin with prefix, one by one:
// Elasticsearch 8 refuses a pattern (action.destructive_requires_name).
func (c Client) DeleteIndices(ctx context.Context, prefix string) error {
	var found map[string]json.RawMessage
	_, answer, err := c.ask(ctx, http.MethodGet, "/"+prefix+"*/_alias?expand_wildcards=all", nil)
	if err == nil {
		err = json.Unmarshal(answer, &found)
	}
	if err != nil {
		return fmt.Errorf("list the indices %s*: %w", prefix, err)
	}
	var errs []error
	for name := range found {
		if strings.HasPrefix(name, prefix) {
			errs = append(errs, c.DeleteIndex(ctx, name))
		}
	}
	return errors.Join(errs...)
}
