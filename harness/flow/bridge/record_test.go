package bridge

import (
	"errors"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/topic"
)

// TestRecord: any message is carried by the default; a Config's own Record names the
// key and the time, or says what is wrong.
func TestRecord(t *testing.T) {
	own := func(payload []byte) ([]byte, time.Time, error) {
		if len(payload) == 0 {
			return []byte("ignored"), time.Now(), errors.New("empty")
		}
		return payload[:1], time.UnixMilli(int64(payload[0])), nil
	}
	began := time.Now()
	for _, c := range []struct {
		name, payload, key, fault string
		record                    func([]byte) ([]byte, time.Time, error)
	}{
		{name: "by default", payload: "\xff"},
		{name: "own", payload: "abc", key: "a", record: own},
		{name: "own, refused", fault: "empty", record: own},
		{name: "own, at 1970", payload: "\x00", fault: "its time is not between 1970-01-01T00:00:00.001Z and 2262-04-11T23:47:16.854Z, so the Kafka record can't carry it", record: own},
	} {
		cfg, err := Config{Broker: "tcp://b:1", Kafka: []string{"k:1"}, Record: c.record}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		b := newBridge(cfg, &fake{})
		got := b.records([]mqtt.Message{note{text: c.payload}})[0]
		if string(got.Key) != c.key {
			t.Errorf("%s: key %q, want %q", c.name, got.Key, c.key)
		}
		said := ""
		for _, h := range got.Headers {
			if h.Key == topic.ErrorHeader {
				said = string(h.Value)
			}
		}
		if said != c.fault {
			t.Errorf("%s: the header says %q, want %q", c.name, said, c.fault)
		}
		if c.key == "" && got.Time.Before(began) {
			t.Errorf("%s: its time is %v, want that of its receipt", c.name, got.Time)
		}
		if c.key != "" && !got.Time.Equal(time.UnixMilli('a')) {
			t.Errorf("%s: its time is %v", c.name, got.Time)
		}
	}
}
