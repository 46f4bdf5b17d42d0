package exporter

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
)

// bulk is what became of one batch.
type bulk struct {
	sink *elasticSink
	left []document // not taken
	busy int        // of those, documents that Elasticsearch has no room for now
	why  string     // it said of one of them
	err  error      // the first other one; a permanent one goes before
}

// outcome is what Elasticsearch says of a document.
type outcome struct {
	Status int
	Error  struct {
		Type, Reason string
		Cause        struct{ Reason string } `json:"caused_by"`
	}
}

// read takes in the answer to a request, which has the documents' outcomes in their
// order.
func (b *bulk) read(documents []document, answer []byte) error {
	var said struct {
		Items []map[string]outcome // by the action, which is always index
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		return fmt.Errorf("read the answer of the bulk API: %w; it begins %.100q", err, answer)
	}
	for i, d := range documents {
		if i >= len(said.Items) {
			b.left = append(b.left, documents[i:]...)
			b.fail(errors.New("the answer of Elasticsearch leaves out some of the documents"))
			break
		}
		if o := said.Items[i]["index"]; o.Status < 200 || o.Status > 299 {
			b.left = append(b.left, d)
			b.refused(d, o)
		}
	}
	return nil
}

// refused is called for a document that wasn't taken.
func (b *bulk) refused(d document, o outcome) {
	reason := fmt.Sprintf("%s: %s", o.Error.Type, o.Error.Reason)
	if o.Error.Cause.Reason != "" {
		reason += ": " + o.Error.Cause.Reason
	}
	if retryable(o.Status) {
		b.busy++
		b.why = fmt.Sprintf("%d %s", o.Status, reason)
		return
	}
	b.fail(permanentError{fmt.Errorf(
		"document %s (topic %q, partition %d, offset %d) isn't taken by index %q of Elasticsearch at %s: %d %s; put the index template of labs/04-export before the index is made",
		d.id, d.from.Topic, d.from.Partition, d.from.Offset, b.sink.cfg.Index, b.sink.cfg.Elasticsearch, o.Status, reason)})
}

func (b *bulk) fail(err error) {
	if b.err == nil || isPermanent(err) && !isPermanent(b.err) {
		b.err = err
	}
}

// result returns why some of all documents are left, or nil if none is.
func (b *bulk) result(all int) error {
	if b.err == nil && b.busy > 0 {
		return fmt.Errorf("%d of %d documents aren't taken by Elasticsearch at %s now: %s", b.busy, all, b.sink.cfg.Elasticsearch, b.why)
	}
	return b.err
}

// retryable reports a status that may be another one soon.
func retryable(status int) bool {
	return status == http.StatusTooManyRequests || status >= http.StatusInternalServerError
}
