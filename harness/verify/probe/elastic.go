package probe

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/client/elastic"
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

	client      *elastic.API
	limit       time.Duration // for an answer
	addr, index string
	login       access.Login
}

// NewElastic returns a probe of an index at addr (host:port).
func NewElastic(addr string, login access.Login, index string) (*Elastic, error) {
	return newElastic(addr, login, index, answerLimit)
}

func newElastic(addr string, login access.Login, index string, limit time.Duration) (*Elastic, error) {
	client, err := elastic.NewAPI(addr, login, limit)
	if err != nil {
		return nil, err
	}
	return &Elastic{client: client, limit: limit, addr: addr, login: login, index: index}, nil
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
		body, err := elastic.Body(res, err)
		if err != nil && strings.HasSuffix(err.Error(), "timeout awaiting response headers") { // net/http doesn't export it
			err = fmt.Errorf("no answer in %v", e.limit)
		}
		if err == nil && v != nil {
			err = decode(body, v)
		}
		if err != nil {
			return fmt.Errorf("%s index %q of Elasticsearch at %s: %w", what, e.index, e.addr, e.refusal(err))
		}
		return nil
	}
}

// refusal explains a status that is about the login, and returns other errors as
// they are.
func (e *Elastic) refusal(err error) error {
	switch httpjson.Code(err) {
	case http.StatusUnauthorized:
		err = dial.ErrUnauthorized
	case http.StatusForbidden:
		err = fmt.Errorf("%w: %v", dial.ErrForbidden, err)
	}
	return dial.Explain("elasticsearch", e.addr, e.login, err)
}

func decode(body []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return decoder.Decode(v)
}

// Exists reports whether there is such an index.
func (e *Elastic) Exists(ctx context.Context) (bool, error) {
	err := e.call("ask for", nil)(e.client.Indices.Exists([]string{e.index}, e.client.Indices.Exists.WithContext(ctx)))
	if httpjson.Code(err) == http.StatusNotFound {
		return false, nil
	}
	return err == nil, err
}
