package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// Document is a document of an index, as it was written.
type Document struct {
	ID     string          `json:"_id"`
	Source json.RawMessage `json:"_source"`
}

// maxDocuments is how many Documents returns at most: Elasticsearch's own limit of one
// search (index.max_result_window).
const maxDocuments = 10_000

// Documents makes what was written to an index visible, and returns its documents,
// 10,000 at most. An index that isn't there holds none.
func (c Client) Documents(ctx context.Context, index string) ([]Document, error) {
	if _, _, err := c.ask(ctx, http.MethodPost, "/"+index+"/_refresh", nil); err != nil {
		return nil, err
	}
	_, answer, err := c.ask(ctx, http.MethodGet, fmt.Sprintf("/%s/_search?size=%d&sort=_doc", index, maxDocuments), nil)
	var found struct {
		Hits struct{ Hits []Document }
	}
	if err == nil {
		err = json.Unmarshal(answer, &found)
	}
	if err != nil {
		return nil, fmt.Errorf("read the documents of the index %q: %w", index, err)
	}
	return found.Hits.Hits, nil
}

// Count makes what was written to an index visible, and returns how many documents it
// holds: 0 for one that isn't there.
func (c Client) Count(ctx context.Context, index string) (int64, error) {
	return c.CountOf(ctx, index, nil)
}

// CountOf is Count of the documents that a query finds, such as {"term": {"action":
// "A"}}; nil stands for all.
func (c Client) CountOf(ctx context.Context, index string, query json.RawMessage) (int64, error) {
	if _, _, err := c.ask(ctx, http.MethodPost, "/"+index+"/_refresh", nil); err != nil {
		return 0, err
	}
	var body []byte
	if query != nil {
		var err error
		if body, err = json.Marshal(map[string]any{"query": query}); err != nil {
			return 0, err
		}
	}
	_, answer, err := c.ask(ctx, http.MethodPost, "/"+index+"/_count", body)
	var found struct{ Count int64 }
	if err == nil {
		err = json.Unmarshal(answer, &found)
	}
	return found.Count, err
}
