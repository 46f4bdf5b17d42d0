package compat

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esapi"
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
	client, err := elasticsearch.NewClient(elasticsearch.Config{
		Addresses: []string{"http://" + n.State.Addr(n.component, "http")}, DisableRetry: true,
	})
	if err != nil {
		return 0, err
	}
	var counted struct{ Count int64 }
	var found struct {
		Hits struct {
			Hits []struct {
				ID string `json:"_id"`
			}
		}
	}
	info, err := client.Info(client.Info.WithContext(ctx))
	if err == nil && (n.rooted || info.StatusCode != http.StatusMethodNotAllowed) {
		err = decode(info, nil)
	}
	if err != nil {
		return 0, fmt.Errorf("info: %w", err)
	}
	if err := answer(client.Count(client.Count.WithContext(ctx), client.Count.WithIndex(n.written)))(&counted); err != nil {
		return 0, fmt.Errorf("count: %w", err)
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
		if err != nil {
			return err
		}
		return decode(res, v)
	}
}

func decode(res *esapi.Response, v any) error {
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	switch {
	case err != nil:
		return err
	case res.IsError():
		return fmt.Errorf("%s: %s", res.Status(), body)
	case v == nil:
		return nil
	}
	return json.Unmarshal(body, v)
}
