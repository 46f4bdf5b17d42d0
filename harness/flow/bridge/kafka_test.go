package bridge

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
)

func TestExplain(t *testing.T) {
	s := newKafkaSink(Config{Topic: "smart", Kafka: []string{"k1:9092", "k2:9092"}})
	defer s.close()
	for code, hint := range hints {
		err := s.explain("write to", fmt.Errorf("produce: %w", code))
		if !isPermanent(err) || !errors.Is(err, code) {
			t.Errorf("%v isn't permanent, or is hidden", err)
		}
		for _, want := range []string{`write to topic "smart" of Kafka at k1:9092,k2:9092`, code.Title(), hint} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error = %v, want %q", err, want)
			}
		}
	}
	for _, passing := range []error{kafka.NotLeaderForPartition, kafka.RequestTimedOut, kafka.NotEnoughReplicas, io.EOF} {
		if err := s.explain("write to", passing); isPermanent(err) || !errors.Is(err, passing) {
			t.Errorf("%v is permanent, or is hidden", err)
		}
	}
}

func TestReader(t *testing.T) {
	at := time.UnixMilli(1700000000000)
	messages := []kafka.Message{
		{Key: []byte("1600"), Value: []byte("first"), Time: at},
		{Value: []byte{}, Time: at, Headers: []kafka.Header{{Key: topic.ErrorHeader, Value: []byte("no row")}}},
		{Key: []byte{}, Value: []byte("last"), Time: at.Add(time.Second)},
	}
	r := &reader{left: messages}
	for i, want := range messages {
		got, err := r.ReadRecord()
		if err != nil {
			t.Fatal(err)
		}
		if (got.Key == nil) != (want.Key == nil) {
			t.Errorf("record %d: null key is %v", i, got.Key == nil)
		}
		if got.Key != nil && content(t, got.Key) != string(want.Key) || got.Value == nil || content(t, got.Value) != string(want.Value) {
			t.Errorf("record %d has another key or value", i)
		}
		if !got.Time.Equal(want.Time) || fmt.Sprint(got.Headers) != fmt.Sprint(want.Headers) {
			t.Errorf("record %d: %v, %v", i, got.Time, got.Headers)
		}
	}
	if _, err := r.ReadRecord(); err != io.EOF {
		t.Errorf("after the last: %v, want EOF", err)
	}
}

func content(t *testing.T, b io.ReadCloser) string {
	t.Helper()
	text, err := io.ReadAll(b)
	if err != nil {
		t.Error(err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	return string(text)
}
