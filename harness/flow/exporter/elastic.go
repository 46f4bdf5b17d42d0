package exporter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"hoplab.example/harness/client/elastic"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

const (
	answerLimit = 30 * time.Second // for one answer of Elasticsearch to begin
	bulkBytes   = 4 << 20          // a larger batch is sent in several requests
)

// elasticSink writes batches with the bulk API.
type elasticSink struct {
	cfg Config
	api *elastic.API
}

func newElasticSink(cfg Config) (*elasticSink, error) {
	api, err := elastic.NewAPI(cfg.Elasticsearch, cfg.ElasticLogin, answerLimit)
	return &elasticSink{cfg, api}, err
}

// prepare asks GET /, so a server that the client refuses is reported before
// anything is written to it. One that has no handler for that, or lets this user
// not ask, shows in the first bulk what it is.
func (s *elasticSink) prepare(ctx context.Context) error {
	_, err := elastic.Body(s.api.Info(s.api.Info.WithContext(ctx)))
	code := httpjson.Code(err)
	if err == nil || code != 0 && code != http.StatusUnauthorized && !retryable(code) {
		return nil
	}
	return s.explain("ask", err)
}

// write sends a batch, in several requests where it is large, and returns the
// documents that Elasticsearch hasn't taken.
func (s *elasticSink) write(ctx context.Context, documents []document) ([]document, error) {
	b, all := bulk{sink: s}, len(documents)
	for len(documents) > 0 {
		body, n := lines(documents)
		answer, err := elastic.Body(s.api.Bulk(body, s.api.Bulk.WithContext(ctx), s.api.Bulk.WithIndex(s.cfg.Index)))
		if err == nil {
			err = b.read(documents[:n], answer)
		}
		if err != nil {
			b.fail(s.explain("write to", err))
			b.left = append(b.left, documents...)
			break
		}
		documents = documents[n:]
	}
	return b.left, b.result(all)
}

// lines returns the first documents, some MB of them, as the bulk API takes them, and
// how many they are.
func lines(documents []document) (body *bytes.Buffer, n int) {
	body = &bytes.Buffer{}
	for n < len(documents) && body.Len() < bulkBytes {
		d := documents[n]
		n++
		id, _ := json.Marshal(d.id)
		fmt.Fprintf(body, "{\"index\":{\"_id\":%s}}\n", id)
		if bytes.ContainsRune(d.source, '\n') { // a line would end there
			json.Compact(body, d.source) // JSON, as Config.Document promises
		} else {
			body.Write(d.source)
		}
		body.WriteByte('\n')
	}
	return body, n
}

// explain adds what was tried, and marks what trying again doesn't fix.
func (s *elasticSink) explain(tried string, err error) error {
	addr, status := s.cfg.Elasticsearch, httpjson.Code(err)
	switch status {
	case http.StatusUnauthorized:
		return permanentError{dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, dial.ErrUnauthorized)}
	case http.StatusForbidden:
		return permanentError{dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, fmt.Errorf("%w: %w", dial.ErrForbidden, err))}
	}
	err = dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, err)
	wrapped := fmt.Errorf("%s Elasticsearch at %s: %w", tried, addr, err)
	if dial.Refused(err) || errors.Is(err, elastic.ErrUnknownProduct) || status >= 400 && !retryable(status) {
		return permanentError{wrapped}
	}
	return wrapped
}
