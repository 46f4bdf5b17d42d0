package exporter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esapi"
	"github.com/elastic/go-elasticsearch/v8/esutil"

	"hoplab.example/harness/server/access/dial"
)

const (
	answerLimit = 30 * time.Second // for one answer of Elasticsearch to begin
	bulkBytes   = 4 << 20          // a larger batch is sent in several requests
)

// elasticSink writes each batch with a BulkIndexer of its own: once that is
// closed, all of its documents have been answered for.
type elasticSink struct {
	cfg    Config
	client *elasticsearch.Client
}

func newElasticSink(cfg Config) (*elasticSink, error) {
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses:    []string{dial.URL(cfg.ElasticLogin, cfg.Elasticsearch)},
		Transport:    dial.HTTP(cfg.ElasticLogin, answerLimit),
		DisableRetry: true, // the exporter's own knows which documents are left
	})
	if err != nil {
		return nil, fmt.Errorf("make a client of Elasticsearch at %s: %w", cfg.Elasticsearch, err)
	}
	return &elasticSink{cfg, client}, nil
}

// prepare asks GET /, so a server that the client refuses is reported before
// anything is written to it. One that has no handler for that, or lets this user
// not ask, shows in the first bulk what it is.
func (s *elasticSink) prepare(ctx context.Context) error {
	res, err := s.client.Info(s.client.Info.WithContext(ctx))
	if err != nil {
		return s.explain("ask", 0, err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusUnauthorized || retryable(res.StatusCode) {
		return s.explain("ask", res.StatusCode, errors.New(res.String()))
	}
	return nil
}

func (s *elasticSink) write(ctx context.Context, documents []document) ([]document, error) {
	b := &bulk{sink: s, documents: documents, acked: make([]bool, len(documents)), client: watched{Client: s.client}}
	indexer, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{
		NumWorkers: 1, FlushBytes: bulkBytes, FlushInterval: time.Hour, Index: s.cfg.Index, Client: &b.client,
		OnFlushStart: func(context.Context) context.Context { return ctx }, // the indexer's own never ends
		OnError:      b.failed,
	})
	if err != nil {
		return documents, permanentError{err}
	}
	for i, d := range documents {
		if err := indexer.Add(ctx, b.item(i, d)); err != nil {
			break // ctx has ended
		}
	}
	indexer.Close(context.WithoutCancel(ctx)) // returns soon all the same: its requests end with ctx
	return b.result(ctx)
}

// retryable reports a status that may be another one soon.
func retryable(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}

// explain adds what was tried, and marks what trying again doesn't fix. status
// is that of the answer, or 0 where there was none.
func (s *elasticSink) explain(tried string, status int, err error) error {
	addr := s.cfg.Elasticsearch
	switch status {
	case http.StatusUnauthorized:
		return permanentError{dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, dial.ErrUnauthorized)}
	case http.StatusForbidden:
		return permanentError{dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, fmt.Errorf("%w: %w", dial.ErrForbidden, err))}
	}
	err = dial.Explain("elasticsearch", addr, s.cfg.ElasticLogin, err)
	wrapped := fmt.Errorf("%s Elasticsearch at %s: %w", tried, addr, err)
	switch {
	case dial.Refused(err):
		return permanentError{wrapped}
	case strings.Contains(err.Error(), "unknown product"): // go-elasticsearch has no type for it
		return permanentError{fmt.Errorf("%w; go-elasticsearch 8 wants Elasticsearch 7.14 or newer", wrapped)}
	case status >= 400 && !retryable(status):
		return permanentError{wrapped}
	}
	return wrapped
}

// watched is a client that remembers the status of its last answer, which the
// BulkIndexer doesn't report.
type watched struct {
	*elasticsearch.Client
	status int
}

var _ esapi.Transport = (*watched)(nil)

// Perform is called by one request at a time, the indexer having one worker.
func (w *watched) Perform(req *http.Request) (*http.Response, error) {
	w.status = 0
	res, err := w.Client.Perform(req)
	if res != nil {
		w.status = res.StatusCode
	}
	return res, err
}

func (b *bulk) item(i int, d document) esutil.BulkIndexerItem {
	return esutil.BulkIndexerItem{
		Action: "index", DocumentID: d.id, Body: bytes.NewReader(d.source),
		OnSuccess: func(context.Context, esutil.BulkIndexerItem, esutil.BulkIndexerResponseItem) { b.acked[i] = true },
		OnFailure: func(_ context.Context, _ esutil.BulkIndexerItem, said esutil.BulkIndexerResponseItem, err error) {
			if err == nil { // failed gets an error of the whole request
				b.refused(d, said)
			}
		},
	}
}
