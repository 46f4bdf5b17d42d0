package exporter

import (
	"context"
	"errors"
	"fmt"

	"github.com/elastic/go-elasticsearch/v8/esutil"
)

// bulk is what Elasticsearch says of one batch. The indexer calls its methods
// from one goroutine, which is over when the indexer is closed.
type bulk struct {
	sink      *elasticSink
	client    watched
	documents []document
	acked     []bool // by the document's place
	busy      int    // documents that it has no room for now
	why       string // it said of one of them
	err       error  // the first other one
}

// failed is called for a request that failed as a whole.
func (b *bulk) failed(_ context.Context, err error) {
	if b.err == nil {
		b.err = b.sink.explain("write to", b.client.status, err)
	}
}

// refused is called for a document that wasn't taken.
func (b *bulk) refused(d document, said esutil.BulkIndexerResponseItem) {
	reason := fmt.Sprintf("%s: %s", said.Error.Type, said.Error.Reason)
	if said.Error.Cause.Reason != "" {
		reason += ": " + said.Error.Cause.Reason
	}
	if retryable(said.Status) {
		b.busy++
		b.why = fmt.Sprintf("%d %s", said.Status, reason)
		return
	}
	if isPermanent(b.err) {
		return
	}
	b.err = permanentError{fmt.Errorf(
		"document %s (topic %q, partition %d, offset %d) isn't taken by index %q of Elasticsearch at %s: %d %s; put the index template of labs/04-export before the index is made",
		d.id, d.from.Topic, d.from.Partition, d.from.Offset, b.sink.cfg.Index, b.sink.cfg.Elasticsearch, said.Status, reason)}
}

// result returns the documents that aren't acknowledged, and why.
func (b *bulk) result(ctx context.Context) (left []document, err error) {
	for i, d := range b.documents {
		if !b.acked[i] {
			left = append(left, d)
		}
	}
	switch {
	case len(left) == 0:
		return nil, nil
	case b.err != nil:
		return left, b.err
	case b.busy > 0:
		return left, fmt.Errorf("%d of %d documents aren't taken by Elasticsearch at %s now: %s",
			b.busy, len(b.documents), b.sink.cfg.Elasticsearch, b.why)
	case ctx.Err() != nil:
		return left, context.Cause(ctx)
	}
	return left, errors.New("the answer of Elasticsearch leaves out some of the documents")
}
