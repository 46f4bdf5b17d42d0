package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/rows/wisdm"
)

const (
	scrollSize = 5000
	scrollLife = time.Minute
)

// Document is a document as it is stored.
type Document struct {
	ID     string
	Source json.RawMessage
}

// Documents returns all documents of the index.
func (e *Elastic) Documents(ctx context.Context) ([]Document, error) {
	if err := e.refresh(ctx); err != nil {
		return nil, err
	}
	var all []Document
	err := e.eachPage(ctx, "", func(p page) error {
		all = p.appendTo(all)
		return nil
	})
	return all, err
}

// eachPage visits all documents that a query (JSON, "" for any) finds, some
// thousands at a time.
func (e *Elastic) eachPage(ctx context.Context, query string, visit func(page) error) error {
	search := e.client.Search
	options := []func(*esapi.SearchRequest){
		search.WithContext(ctx), search.WithIndex(e.index), search.WithSize(scrollSize), search.WithSort("_doc"), search.WithScroll(scrollLife),
	}
	if query != "" {
		options = append(options, search.WithBody(strings.NewReader(query)))
	}
	var first page
	err := e.call("read", &first)(e.client.Search(options...))
	if first.ScrollID != "" {
		defer e.forget(first.ScrollID)
	}
	for now := first; err == nil && len(now.Hits.Hits) > 0; {
		// Elasticsearch makes the next page while this one is visited.
		next := e.after(ctx, now)
		if err := visit(now); err != nil {
			<-next
			return err
		}
		came := <-next
		now, err = came.page, came.err
	}
	return err
}

type paged struct {
	page page
	err  error
}

// after asks for the page that follows one.
func (e *Elastic) after(ctx context.Context, p page) <-chan paged {
	came := make(chan paged, 1)
	go func() {
		var next paged
		next.err = e.call("read", &next.page)(e.client.Scroll(
			e.client.Scroll.WithContext(ctx), e.client.Scroll.WithScrollID(p.ScrollID), e.client.Scroll.WithScroll(scrollLife)))
		came <- next
	}()
	return came
}

// forget closes a scroll; one that isn't closed expires by itself.
func (e *Elastic) forget(scroll string) {
	ctx, cancel := context.WithTimeout(context.Background(), answerLimit)
	defer cancel()
	res, err := e.client.ClearScroll(e.client.ClearScroll.WithContext(ctx), e.client.ClearScroll.WithScrollID(scroll))
	if err == nil {
		res.Body.Close()
	}
}

type page struct {
	ScrollID string `json:"_scroll_id"`
	Hits     struct {
		Hits []struct {
			ID     string          `json:"_id"`
			Source json.RawMessage `json:"_source"`
		}
	}
}

func (p page) appendTo(all []Document) []Document {
	for _, hit := range p.Hits.Hits {
		all = append(all, Document{hit.ID, hit.Source})
	}
	return all
}

func (e *Elastic) rowsOf(documents []Document, found *problems) []wisdm.Row {
	rows := make([]wisdm.Row, 0, len(documents))
	for _, d := range documents {
		if row, ok := e.rowOf(d, found); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// rowOf reports false for a document that isn't a row.
func (e *Elastic) rowOf(d Document, found *problems) (wisdm.Row, bool) {
	row, err := parseDocument(d.Source)
	if err != nil {
		found.add("document %s: %v", d.ID, err)
		return row, false
	}
	if !madeOf(d.ID, row) && !e.AnyID {
		found.add("document %s holds the row %s: its _id is not made of usid, device, sensor and seq, so a replay would leave duplicates", d.ID, row.ID())
	}
	return row, true
}

// madeOf reports whether an _id has the values that tell a row from all others. Their
// order is that of the primary key, which may have more columns, and what is between
// them is the option document-id.key-delimiter of Flink's connector.
func madeOf(id string, row wisdm.Row) bool {
	parts := strings.FieldsFunc(id, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, want := range strings.Split(row.ID(), "_") {
		at := slices.Index(parts, want)
		if at < 0 {
			return false
		}
		parts = slices.Delete(parts, at, at+1)
	}
	return true
}

type document struct {
	Usid   *int     `json:"usid"`
	Device string   `json:"device"`
	Sensor string   `json:"sensor"`
	Seq    int64    `json:"seq"`
	Action string   `json:"action"`
	TS     int64    `json:"ts"`
	X      *float64 `json:"x"`
	Y      *float64 `json:"y"`
	Z      *float64 `json:"z"`
	Time   string   `json:"@timestamp"`
}

func parseDocument(source []byte) (wisdm.Row, error) {
	var d document
	err := json.Unmarshal(source, &d)
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		want := "a number"
		if wrong.Type.Kind() == reflect.String {
			want = "text"
		}
		return wisdm.Row{}, fmt.Errorf("%s is a JSON %s, want %s", wrong.Field, wrong.Value, want)
	}
	if err != nil {
		return wisdm.Row{}, err
	}
	if d.Usid == nil || d.X == nil || d.Y == nil || d.Z == nil {
		return wisdm.Row{}, fmt.Errorf("usid, x, y or z is missing in %.200s", source)
	}
	at, err := time.Parse(time.RFC3339Nano, d.Time)
	if err != nil {
		return wisdm.Row{}, fmt.Errorf("@timestamp is %q, which isn't an ISO-8601 time with its zone, such as 2023-11-14T22:13:20Z", d.Time)
	}
	return wisdm.Row{
		Subject: *d.Usid, Activity: d.Action, TS: d.TS, X: *d.X, Y: *d.Y, Z: *d.Z,
		Device: d.Device, Sensor: d.Sensor, Seq: d.Seq, Time: at.UTC(),
	}, nil
}

// Rows returns what all documents of the index hold, and what is wrong with
// documents: that one can't be read, or has another _id than its row's; "" for
// nothing.
func (e *Elastic) Rows(ctx context.Context) (rows []wisdm.Row, wrong string, err error) {
	documents, err := e.Documents(ctx)
	if err != nil {
		return nil, "", err
	}
	var found problems
	rows = e.rowsOf(documents, &found)
	return rows, strings.Join(found.all(), "\n"), nil
}
