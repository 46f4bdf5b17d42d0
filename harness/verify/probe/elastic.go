package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// Elastic reads an index of the node at an address.
type Elastic struct {
	// AnyID: documents may have another _id than their row's, such as
	// Elasticsearch gives those of a table without a key.
	AnyID bool
	// Progress, if set, follows Check.
	Progress Progress

	client      *elasticsearch.Client
	addr, index string
	login       access.Login
}

// NewElastic returns a probe of an index at addr (host:port).
func NewElastic(addr string, login access.Login, index string) (*Elastic, error) {
	return newElastic(addr, login, index, answerLimit)
}

func newElastic(addr string, login access.Login, index string, limit time.Duration) (*Elastic, error) {
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses:    []string{dial.URL(login, addr)},
		DisableRetry: true,
		Transport:    dial.HTTP(login, limit),
	})
	if err != nil {
		return nil, fmt.Errorf("make a client of Elasticsearch at %s: %w", addr, err)
	}
	return &Elastic{client: client, addr: addr, login: login, index: index}, nil
}

// Count returns how many documents can be searched now. An index that isn't there
// holds none.
func (e *Elastic) Count(ctx context.Context) (int64, error) {
	if err := e.refresh(ctx); err != nil {
		return 0, err
	}
	return e.Visible(ctx)
}

// Visible is Count without a refresh, which takes long for an index that is being
// filled: it counts what could be searched after the last one.
func (e *Elastic) Visible(ctx context.Context) (int64, error) {
	var answer struct{ Count int64 }
	err := e.call("count", &answer)(e.client.Count(
		e.client.Count.WithContext(ctx), e.client.Count.WithIndex(e.index), e.client.Count.WithIgnoreUnavailable(true)))
	return answer.Count, err
}

func (e *Elastic) refresh(ctx context.Context) error {
	return e.call("refresh", nil)(e.client.Indices.Refresh(
		e.client.Indices.Refresh.WithContext(ctx), e.client.Indices.Refresh.WithIndex(e.index),
		e.client.Indices.Refresh.WithIgnoreUnavailable(true)))
}

// call returns a function that reads the client's answer: it decodes a good one into
// v, and otherwise returns an error with Elasticsearch's own reason.
func (e *Elastic) call(what string, v any) func(*esapi.Response, error) error {
	return func(res *esapi.Response, err error) error {
		if err != nil {
			return fmt.Errorf("%s index %q of Elasticsearch at %s: %w", what, e.index, e.addr, err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err == nil && res.IsError() {
			err = e.refusal(res.StatusCode, fmt.Errorf("%s: %s", res.Status(), reason(body)))
		}
		if err == nil && v != nil {
			err = decode(body, v)
		}
		if err != nil {
			return fmt.Errorf("%s index %q of Elasticsearch at %s: %w", what, e.index, e.addr, err)
		}
		return nil
	}
}

// refusal explains a status that is about the login, and returns err for others.
func (e *Elastic) refusal(status int, err error) error {
	switch status {
	case http.StatusUnauthorized:
		return dial.Explain("elasticsearch", e.addr, e.login, dial.ErrUnauthorized)
	case http.StatusForbidden:
		return dial.Explain("elasticsearch", e.addr, e.login, fmt.Errorf("%w: %v", dial.ErrForbidden, err))
	}
	return err
}

func decode(body []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return decoder.Decode(v)
}

// reason returns what an error answer says, without its stack.
func reason(body []byte) string {
	return (&httpjson.StatusError{Body: body}).Message()
}

// Exists reports whether there is such an index.
func (e *Elastic) Exists(ctx context.Context) (bool, error) {
	res, err := e.client.Indices.Exists([]string{e.index}, e.client.Indices.Exists.WithContext(ctx))
	if err != nil {
		return false, fmt.Errorf("ask for index %q of Elasticsearch at %s: %w", e.index, e.addr, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNotFound {
		return false, e.refusal(res.StatusCode, fmt.Errorf("ask for index %q of Elasticsearch at %s: %s", e.index, e.addr, res.Status()))
	}
	return res.StatusCode == http.StatusOK, nil
}
