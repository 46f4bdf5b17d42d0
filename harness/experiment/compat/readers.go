package compat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/client/elastic"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/httpjson"
)

// GoClient is the column of the reader with go-elasticsearch 8.
const GoClient = "go-elasticsearch 8"

const readLimit = 30 * time.Second

// readWithClient asks the node for its version, the count of an index that a
// writer has filled, and one document of it, as a program would.
func (n *node) readWithClient(ctx context.Context) Cell {
	cell := Cell{Column: GoClient}
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	if n.written == "" {
		cell.Words = "no writer has filled an index"
		return cell
	}
	var err error
	if cell.Documents, err = n.askWithClient(ctx); err != nil {
		cell.Words = err.Error()
		return cell
	}
	if cell.Documents != n.Oracle.Count() {
		cell.Words = fmt.Sprintf("%d of %d documents", cell.Documents, n.Oracle.Count())
		return cell
	}
	cell.Works = true
	if !n.rooted {
		cell.Note = "Info is answered 405: this distribution has no handler for GET /"
	}
	return cell
}

func (n *node) askWithClient(ctx context.Context) (count int64, err error) {
	client, err := elastic.NewAPI(n.State.Addr(n.component, "http"), access.Login{}, 0)
	if err != nil {
		return 0, err
	}
	_, err = elastic.Body(client.Info(client.Info.WithContext(ctx)))
	if err != nil && (n.rooted || httpjson.Code(err) != http.StatusMethodNotAllowed) {
		return 0, fmt.Errorf("info: %w", err)
	}
	var counted struct{ Count int64 }
	if err := answer(client.Count(client.Count.WithContext(ctx), client.Count.WithIndex(n.written)))(&counted); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	var found struct {
		Hits struct{ Hits []json.RawMessage }
	}
	err = answer(client.Search(client.Search.WithContext(ctx), client.Search.WithIndex(n.written), client.Search.WithSize(1)))(&found)
	if err == nil && len(found.Hits.Hits) != 1 {
		err = fmt.Errorf("%d documents, want one", len(found.Hits.Hits))
	}
	if err != nil {
		return counted.Count, fmt.Errorf("search: %w", err)
	}
	return counted.Count, nil
}

// answer is for a call whose answer is decoded at once.
func answer(res *esapi.Response, err error) func(v any) error {
	return func(v any) error {
		body, err := elastic.Body(res, err)
		if err != nil {
			return err
		}
		return json.Unmarshal(body, v)
	}
}
