package exporter

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
)

func TestConfig(t *testing.T) {
	good := Config{Kafka: []string{"k:1"}, Elasticsearch: "e:1"}
	cases := []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Kafka = nil }, "no Kafka address"},
		{func(c *Config) { c.Elasticsearch = "" }, "no Elasticsearch address"},
		{func(c *Config) { c.Topic, c.Rejected = "a", "a" }, `round in the topic "a"`},
		{func(c *Config) { c.MaxBatch = -1 }, "negative"},
	}
	for _, c := range cases {
		cfg := good
		c.change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error = %v, want %q", err, c.want)
		}
	}
	e, err := New(good)
	if err != nil || e.cfg.Rejected != "smart-rejected" || e.cfg.Index != "datuak" {
		t.Errorf("defaults = %+v, %v", e.cfg, err)
	}
}

func TestEveryRowIsExportedOnce(t *testing.T) {
	source, sink := &fakeSource{messages: rows(25)}, &fakeSink{}
	x := run(t, Config{MaxBatch: 10}, source, sink)
	await(t, "all commits", func() bool { return source.commits() == 25 })
	if err := x.end(t); err != nil || !source.closed {
		t.Errorf("Run = %v, closed: %v", err, source.closed)
	}
	if s := x.Stats(); s != (Stats{Read: 25, Written: 25, Committed: 25}) || sink.count() != 25 {
		t.Errorf("stats = %+v, %d documents", s, sink.count())
	}
	want := `{"usid":1600,"device":"phone","sensor":"accel","seq":7,"action":"A","ts":252207666810782,` +
		`"x":-0.36476135,"y":8.793503,"z":1.0550842,"@timestamp":"2023-11-14T22:13:20.05Z"}`
	if got := sink.kept[id(7)]; got != want {
		t.Errorf("document = %s\nwant       %s", got, want)
	}
}

// TestCommitsOnlyAfterTheAcknowledgement has Elasticsearch fail twice and then
// hold its answer back: not an offset may be committed before it is there.
func TestCommitsOnlyAfterTheAcknowledgement(t *testing.T) {
	answer := make(chan struct{})
	asked := 0
	sink := &fakeSink{}
	sink.writing = func(ctx context.Context, ids []string) ([]string, error) {
		if asked++; asked <= 2 {
			return ids, errors.New("503")
		}
		select {
		case <-answer:
			return nil, nil
		case <-ctx.Done():
			return ids, ctx.Err()
		}
	}
	source := &fakeSource{messages: rows(10)}
	source.committing = func(messages []kafka.Message) error {
		if have := sink.count(); have < int(messages[len(messages)-1].Offset)+1 {
			t.Errorf("a commit up to offset %d, with %d documents acknowledged", messages[len(messages)-1].Offset, have)
		}
		return nil
	}
	x := run(t, Config{}, source, sink)
	await(t, "the retries", func() bool { return x.Stats().Retries == 2 })
	if source.commits() != 0 {
		t.Errorf("%d committed before any answer", source.commits())
	}
	close(answer)
	await(t, "the commit", func() bool { return source.commits() == 10 })
	if err := x.end(t); err != nil {
		t.Error(err)
	}
}

func TestOnlyWhatIsLeftIsSentAgain(t *testing.T) {
	sink := &fakeSink{}
	sink.writing = func(_ context.Context, ids []string) ([]string, error) {
		if len(ids) > 2 {
			return []string{id(2), id(4)}, errors.New("429 for some")
		}
		return nil, nil
	}
	source := &fakeSource{messages: rows(5)}
	x := run(t, Config{MaxBatch: 5}, source, sink)
	await(t, "the commit", func() bool { return source.commits() == 5 })
	x.end(t)
	if len(sink.writes) != 2 || !slices.Equal(sink.writes[1], []string{id(2), id(4)}) {
		t.Errorf("writes = %v", sink.writes)
	}
	if s := x.Stats(); s.Written != 5 || s.Retries != 1 {
		t.Errorf("stats = %+v", s)
	}
}

func TestADocumentThatIsNeverTakenEndsIt(t *testing.T) {
	sink := &fakeSink{writing: func(_ context.Context, ids []string) ([]string, error) {
		return ids[:1], permanentError{errors.New("400 strict_dynamic_mapping_exception")}
	}}
	source := &fakeSource{messages: rows(5)}
	x := run(t, Config{MaxBatch: 5}, source, sink)
	err := x.wait(t)
	if err == nil || !strings.Contains(err.Error(), "strict_dynamic_mapping") || !strings.Contains(err.Error(), "nothing is lost") {
		t.Errorf("error = %v", err)
	}
	if source.commits() != 0 {
		t.Errorf("%d messages are committed", source.commits())
	}
}

// TestWhatIsNoRowIsKeptAside: it doesn't stand in the way of the rows after it.
func TestWhatIsNoRowIsKeptAside(t *testing.T) {
	messages := rows(3)
	messages[1] = kafka.Message{Topic: "smart", Offset: 1, Value: []byte(`{"usid":`)}
	messages[2].Value, messages[2].Headers = []byte("plain text"), []kafka.Header{{Key: topic.ErrorHeader, Value: []byte("seen by the bridge")}}
	tries := 0
	source := &fakeSource{messages: append(messages, row(4)), rejecting: func() error {
		if tries++; tries == 1 {
			return errors.New("Kafka is busy")
		}
		return nil
	}}
	sink := &fakeSink{}
	x := run(t, Config{}, source, sink)
	await(t, "all commits", func() bool { return source.commits() == 4 })
	x.end(t)
	if s := x.Stats(); s.Rejected != 2 || s.Written != 2 || s.Committed != 4 {
		t.Errorf("stats = %+v", s)
	}
	if len(source.kept) != 2 || string(source.kept[0].Value) != `{"usid":` || source.kept[0].Topic != "" {
		t.Fatalf("kept %+v", source.kept)
	}
	for i, want := range []string{"not a row", "seen by the bridge"} {
		headers := source.kept[i].Headers
		if len(headers) != 2 || !strings.Contains(string(headers[0].Value), want) || headers[1].Key != OriginHeader {
			t.Errorf("headers = %v, want %q", headers, want)
		}
	}
	if origin := string(source.kept[0].Headers[1].Value); origin != "smart/0/1" {
		t.Errorf("origin = %q", origin)
	}
}

// TestTransientTrouble: every step is tried again.
func TestTransientTrouble(t *testing.T) {
	twice := func() func() error {
		n := 0
		return func() error {
			if n++; n <= 2 {
				return errors.New("not yet")
			}
			return nil
		}
	}
	commit := twice()
	source := &fakeSource{messages: rows(3), preparing: twice(), fetching: twice(),
		committing: func([]kafka.Message) error { return commit() }}
	x := run(t, Config{}, source, &fakeSink{preparing: twice()})
	await(t, "all commits", func() bool { return source.commits() == 3 })
	if err := x.end(t); err != nil {
		t.Error(err)
	}
	if s := x.Stats(); s.Retries != 8 {
		t.Errorf("stats = %+v, want 8 retries", s)
	}
}

// TestEndsInTime: asked to end while Elasticsearch doesn't answer, it gives up
// after FlushLimit, and says that nothing is lost.
func TestEndsInTime(t *testing.T) {
	sink := &fakeSink{writing: func(ctx context.Context, ids []string) ([]string, error) {
		<-ctx.Done()
		return ids, ctx.Err()
	}}
	source := &fakeSource{messages: rows(3)}
	x := run(t, Config{FlushLimit: 30 * time.Millisecond}, source, sink)
	await(t, "a batch", func() bool { return x.Stats().Read > 0 })
	err := x.end(t)
	if err == nil || !strings.Contains(err.Error(), "within 30ms") || source.commits() != 0 {
		t.Errorf("error = %v, %d commits", err, source.commits())
	}
}
