// Package kibana imports saved objects into a running Kibana through its REST API,
// reads them back and removes them. Package savedobject says what the objects mean.
//
// Sources: Kibana's guide 7.17, "Import objects API", "Get object API", "Delete
// object API", and "Access the Kibana status page".
package kibana

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// answerLimit: an import waits for Elasticsearch's refresh (elastic/kibana,
// DEFAULT_REFRESH_SETTING in the saved objects' repository.ts).
const answerLimit = 60 * time.Second

// Client talks to the Kibana at Addr (host:port).
type Client struct {
	Addr  string
	Login access.Login
}

// Ref names a saved object.
type Ref struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

func (r Ref) String() string { return r.Type + " " + r.ID }

func (r Ref) path() string {
	return "/api/saved_objects/" + url.PathEscape(r.Type) + "/" + url.PathEscape(r.ID)
}

// Object is a saved object.
type Object struct {
	Ref
	Attributes json.RawMessage `json:"attributes"`
	References []struct {
		Ref
		Name string `json:"name"`
	} `json:"references"`
}

// Import imports an export, and replaces objects with the same type and id. It
// returns what was imported, also with an error: Kibana imports what it can (7.17.6).
// The error names each of the other objects.
func (c Client) Import(ctx context.Context, file string, ndjson []byte) ([]Ref, error) {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	part, err := parts.CreateFormFile("file", "export.ndjson") // Kibana requires this extension: registerImportRoute in routes/import.ts of its saved objects
	if err == nil {
		_, err = part.Write(ndjson)
	}
	if err = errors.Join(err, parts.Close()); err != nil {
		return nil, err
	}
	var answer imported
	err = c.call(ctx, httpjson.Request{
		Method: http.MethodPost, URL: "/api/saved_objects/_import?overwrite=true",
		Header: http.Header{"Content-Type": {parts.FormDataContentType()}}, Body: form.Bytes(),
	}, &answer)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", file, err)
	}
	refs := make([]Ref, len(answer.SuccessResults))
	for i, r := range answer.SuccessResults {
		refs[i] = r.Ref
		if r.DestinationID != "" {
			refs[i].ID = r.DestinationID
		}
	}
	if err := answer.problem(ndjson); err != nil {
		return refs, fmt.Errorf("import %s into Kibana at %s: %w", file, c.Addr, err)
	}
	return refs, nil
}

// Get returns a saved object, or ErrNotFound.
func (c Client) Get(ctx context.Context, r Ref) (Object, error) {
	var o Object
	err := c.call(ctx, httpjson.Request{URL: r.path()}, &o)
	if err != nil {
		err = fmt.Errorf("get %s: %w", r, err)
	}
	return o, err
}

// Delete removes saved objects, the last one first, because references are to earlier
// ones. It isn't an error if one is already gone.
func (c Client) Delete(ctx context.Context, refs []Ref) error {
	var errs []error
	for i := len(refs) - 1; i >= 0; i-- {
		err := c.call(ctx, httpjson.Request{Method: http.MethodDelete, URL: refs[i].path()}, nil)
		if err != nil && !errors.Is(err, ErrNotFound) {
			errs = append(errs, fmt.Errorf("delete %s: %w", refs[i], err))
		}
	}
	return errors.Join(errs...)
}

// ErrNotFound is the cause if there is no such saved object.
var ErrNotFound = errors.New("there is no such saved object")

// call decodes a good answer into v, unless that is nil. Otherwise the error has
// Kibana's own words.
func (c Client) call(ctx context.Context, r httpjson.Request, v any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	header := http.Header{"Kbn-Xsrf": {"hoplab"}} // its guide, "REST API": each change needs it
	maps.Copy(header, r.Header)
	r.Header = header
	answer, err := dial.Server{Component: "kibana", Addr: c.Addr, Login: c.Login}.Send(ctx, r)
	if err != nil {
		return fmt.Errorf("ask Kibana at %s: %w", c.Addr, err)
	}
	err = answer.Decode(v)
	switch {
	case err == nil:
		return nil
	case answer.Code == http.StatusNotFound:
		return fmt.Errorf("%w: %s", ErrNotFound, answer.Refusal().Message())
	case httpjson.Code(err) == 0:
		return fmt.Errorf("ask Kibana at %s: %w", c.Addr, err)
	}
	return fmt.Errorf("the Kibana at %s says %w", c.Addr, err)
}
