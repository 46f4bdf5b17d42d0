package exporter

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// fakeElastic is a node as far as GET / and the bulk API go. It is a fake: the
// real ones are in scenarios/compat.
type fakeElastic struct {
	noProduct bool
	root      int                          // status of GET /; 0 for 200
	status    func(bulk int) int           // of a bulk request; nil for 200
	item      func(bulk int, n int) string // an item's answer; nil for one that is created
	bulks     int
	ids       [][]string
}

func (f *fakeElastic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !f.noProduct {
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
	}
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/" {
		if f.root != 0 {
			w.WriteHeader(f.root)
		}
		fmt.Fprint(w, `{"version":{"number":"8.19.21"}}`)
		return
	}
	f.bulks++
	if f.status != nil && f.status(f.bulks) != 200 {
		w.WriteHeader(f.status(f.bulks))
		fmt.Fprint(w, `{"error":{"reason":"es_rejected_execution_exception"}}`)
		return
	}
	var ids, items []string
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		var meta struct {
			Index *struct {
				ID string `json:"_id"`
			}
		}
		if json.Unmarshal(lines.Bytes(), &meta) != nil || meta.Index == nil {
			continue
		}
		answer := `{"index":{"status":201}}`
		if f.item != nil {
			answer = f.item(f.bulks, len(ids)+1)
		}
		ids = append(ids, meta.Index.ID)
		if answer != "" {
			items = append(items, answer)
		}
	}
	f.ids = append(f.ids, ids)
	fmt.Fprintf(w, `{"items":[%s]}`, strings.Join(items, ","))
}

func sinkOf(t *testing.T, handler http.Handler) *elasticSink {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	cfg, err := Config{
		Kafka: []string{"k:1"}, Elasticsearch: strings.TrimPrefix(server.URL, "http://"),
		ElasticLogin: access.Login{User: "ann", Password: access.Hide("s3cr3t")},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	sink, err := newElasticSink(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return sink
}

func documents(t *testing.T, n int) (list []document) {
	t.Helper()
	for _, m := range rows(n) {
		id, source, err := rowDocument(m)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, document{id, source, m})
	}
	return list
}

func TestBulk(t *testing.T) {
	fake := &fakeElastic{}
	left, err := sinkOf(t, fake).write(t.Context(), documents(t, 3))
	if err != nil || len(left) != 0 {
		t.Fatalf("left %v, %v", left, err)
	}
	if fake.bulks != 1 || strings.Join(fake.ids[0], " ") != id(1)+" "+id(2)+" "+id(3) {
		t.Errorf("%d bulks of %v", fake.bulks, fake.ids)
	}
}

// TestLines: a document is one line, whatever its message looks like, and a large
// batch several requests.
func TestLines(t *testing.T) {
	body, n := lines([]document{{id: `a"b`, source: []byte("{\n  \"x\": 1\n}\n")}, {id: "c", source: []byte(`{"x":2}`)}})
	if want := `{"index":{"_id":"a\"b"}}` + "\n" + `{"x":1}` + "\n" + `{"index":{"_id":"c"}}` + "\n" + `{"x":2}` + "\n"; n != 2 || body.String() != want {
		t.Errorf("%d documents:\n%s\nwant\n%s", n, body, want)
	}
	large := slices.Repeat([]document{{id: "l", source: []byte(`"` + strings.Repeat("x", 50_000) + `"`)}}, bulkBytes/50_000+2)
	fake := &fakeElastic{}
	left, err := sinkOf(t, fake).write(t.Context(), large)
	if err != nil || len(left) != 0 || fake.bulks != 2 {
		t.Errorf("%d left, %v, after %d requests, want 2", len(left), err, fake.bulks)
	}
}

func busy(int, int) string {
	return `{"index":{"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue is full"}}}`
}

func TestPartOfABulk(t *testing.T) {
	wrong := `{"index":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"failed to parse field [x]","caused_by":{"reason":"not a number"}}}}`
	cases := []struct {
		name      string
		item      func(bulk, n int) string
		left      int
		permanent bool
		want      []string
	}{
		{"busy", busy, 4, false, []string{"4 of 4", "429 es_rejected_execution_exception: queue is full"}},
		{"one is busy", func(b, n int) string {
			if n == 3 {
				return busy(b, n)
			}
			return `{"index":{"status":200}}`
		}, 1, false, []string{"1 of 4"}},
		{"one is wrong, others are busy", func(b, n int) string {
			if n == 2 {
				return wrong
			}
			return busy(b, n)
		}, 4, true, []string{id(2), "offset 1", `index "datuak"`, "failed to parse field [x]: not a number", "index template"}},
		{"one is left out", func(b, n int) string {
			if n == 4 {
				return ""
			}
			return `{"index":{"status":200}}`
		}, 1, false, []string{"leaves out"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			left, err := sinkOf(t, &fakeElastic{item: c.item}).write(t.Context(), documents(t, 4))
			if len(left) != c.left || isPermanent(err) != c.permanent || (err == nil) != (c.left == 0) {
				t.Fatalf("%d left, %v", len(left), err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error = %v, want %q", err, want)
				}
			}
		})
	}
}

func TestABulkThatFails(t *testing.T) {
	for status, permanent := range map[int]bool{429: false, 502: false, 503: false, 400: true, 401: true, 403: true, 413: true} {
		sink := sinkOf(t, &fakeElastic{status: func(int) int { return status }})
		left, err := sink.write(t.Context(), documents(t, 2))
		if len(left) != 2 || err == nil || isPermanent(err) != permanent {
			t.Errorf("%d: %d left, permanent: %v, %v", status, len(left), isPermanent(err), err)
		}
		if refused := errors.As(err, new(*dial.RefusedError)); refused != (status == 401 || status == 403) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%d: refused: %v, %v", status, refused, err)
		}
	}
}

// TestRetriesOnTooManyRequests goes through the whole exporter: the bulk is
// refused twice, in part once, and then taken.
func TestRetriesOnTooManyRequests(t *testing.T) {
	fake := &fakeElastic{
		status: func(bulk int) int { return map[bool]int{true: 429, false: 200}[bulk <= 2] },
		item: func(bulk, n int) string {
			if bulk == 3 && n%2 == 0 {
				return busy(bulk, n)
			}
			return `{"index":{"status":201}}`
		},
	}
	source := &fakeSource{messages: rows(6)}
	x := run(t, Config{MaxBatch: 6}, source, sinkOf(t, fake))
	await(t, "the commit", func() bool { return source.commits() == 6 })
	if err := x.end(t); err != nil {
		t.Error(err)
	}
	if s := x.Stats(); s.Retries != 3 || s.Written != 6 {
		t.Errorf("stats = %+v", s)
	}
	if last := fake.ids[len(fake.ids)-1]; strings.Join(last, " ") != id(2)+" "+id(4)+" "+id(6) {
		t.Errorf("the last bulk had %v", last)
	}
}

func TestPrepare(t *testing.T) {
	cases := []struct {
		name      string
		fake      *fakeElastic
		ok        bool
		permanent bool
		want      string
	}{
		{"all is well", &fakeElastic{}, true, false, ""},
		{"no root handler", &fakeElastic{root: 405}, true, false, ""},
		{"no right to ask", &fakeElastic{root: 403}, true, false, ""},
		{"wrong password", &fakeElastic{root: 401}, false, true, "user ann"},
		{"still starting", &fakeElastic{root: 503}, false, false, "503"},
		{"too old", &fakeElastic{noProduct: true}, false, true, "7.14 or newer"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := sinkOf(t, c.fake).prepare(t.Context())
			if (err == nil) != c.ok || isPermanent(err) != c.permanent || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func TestWriteEndsWithItsContext(t *testing.T) {
	came, release := make(chan struct{}), make(chan struct{})
	sink := sinkOf(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(came)
		<-release
	}))
	defer close(release)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-came; cancel() }()
	left, err := sink.write(ctx, documents(t, 2))
	if len(left) != 2 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d left, %v", len(left), err)
	}
}
