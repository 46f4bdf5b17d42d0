// Package bridge is the second lab step: what is published to MQTT is in Kafka,
// every row, keyed by subject, with its event time, whatever happens to the bridge
// meanwhile.
package bridge

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

func TestMain(m *testing.M) { scenario.Main(m) }

const rows = 3000

func check(t *testing.T, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	t.Helper()
	return p.KafkaProbe().Check(t.Context(), oracle)
}

func TestEveryRowReachesKafka(t *testing.T) {
	for _, broker := range testenv.Brokers {
		t.Run(broker, func(t *testing.T) {
			p := scenario.Exactly(t, broker, "kafka").Pipeline()
			input, oracle := scenario.Rows(t, 1, rows)
			scenario.Fill(t, p, input, oracle.Count())
			result := check(t, p, oracle)
			scenario.Passed(t, result)
			if result.Detail != "" {
				t.Errorf("want each row once: %s", result.Detail)
			}
		})
	}
}

// TestRestartLosesNothing publishes one half while the bridge is away.
func TestRestartLosesNothing(t *testing.T) {
	for _, broker := range testenv.Brokers {
		t.Run(broker, func(t *testing.T) {
			p := scenario.Exactly(t, broker, "kafka").Pipeline()
			input, oracle := scenario.Rows(t, 2, rows)
			first, err := p.StartBridge(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := first.Stop(); err != nil {
				t.Fatal(err)
			}
			scenario.Publish(t, p, input)
			scenario.Bridge(t, p)
			scenario.Await(t, p.KafkaProbe().Count, oracle.Count())
			scenario.Passed(t, check(t, p, oracle))
		})
	}
}

// TestMalformedMessageIsKept: it has no event time, and its record has the time
// at which the bridge received it.
func TestMalformedMessageIsKept(t *testing.T) {
	began := time.Now().Truncate(time.Millisecond) // which is what Kafka keeps
	p := scenario.Need(t, "mosquitto", "kafka").Pipeline()
	input, oracle := scenario.Rows(t, 3, 10)
	scenario.Bridge(t, p)
	scenario.PublishRaw(t, p, []byte("\xff no row"))
	scenario.Publish(t, p, input)
	stored := p.KafkaProbe()
	scenario.Await(t, stored.Count, oracle.Count()+1)
	scenario.Fails(t, check(t, p, oracle), "the bridge saw it too")
	records, err := stored.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if len(r.Headers) == 1 && r.Headers[0].Key == topic.ErrorHeader && string(r.Value) == "\xff no row" && r.Key == nil {
			if r.Time.Before(began) || r.Time.After(time.Now()) {
				t.Errorf("its time is %v, want one of the last %v", r.Time, time.Since(began))
			}
			return
		}
	}
	t.Errorf("no record carries the malformed message with the header %s", topic.ErrorHeader)
}

func TestKafkaConnect(t *testing.T) {
	p := scenario.Need(t, "mosquitto", "kafka", "connect").Pipeline()
	input, oracle := scenario.Rows(t, 4, rows)
	carrier, err := p.StartConnect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := carrier.Stop(); err != nil {
			t.Error(err)
		}
	})
	scenario.Publish(t, p, input)
	topic := p.KafkaProbe()
	topic.Unkeyed = true
	scenario.Await(t, topic.Count, oracle.Count())
	scenario.Passed(t, topic.Check(t.Context(), oracle))
}

// TestCheckCanFail writes records that are each wrong in one way.
func TestCheckCanFail(t *testing.T) {
	cases := []struct {
		name, want string
		harm       func([]kafka.Message) []kafka.Message
	}{
		{"nothing", "", func(m []kafka.Message) []kafka.Message { return m }},
		{"a lost row", "missing", func(m []kafka.Message) []kafka.Message { return m[1:] }},
		{"a wrong key", `key is "1"`, func(m []kafka.Message) []kafka.Message { m[3].Key = []byte("1"); return m }},
		{"a wrong time", "want the event time", func(m []kafka.Message) []kafka.Message { m[3].Time = m[3].Time.Add(time.Second); return m }},
		{"a wrong value", "", func(m []kafka.Message) []kafka.Message {
			m[3].Value = []byte(strings.Replace(string(m[3].Value), `"x":`, `"x":1`, 1))
			return m
		}},
		{"no row", "not a row", func(m []kafka.Message) []kafka.Message { m[3].Value = []byte("{}"); return m }},
		{"another order", "out of order", func(m []kafka.Message) []kafka.Message { slices.Reverse(m); return m }},
	}
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := scenario.Need(t, "mosquitto", "kafka").Pipeline()
			_, oracle := scenario.Rows(t, 5, 20)
			produce(t, p, c.harm(records(oracle)))
			result := check(t, p, oracle)
			if i == 0 {
				scenario.Passed(t, result)
			} else {
				scenario.Fails(t, result, c.want)
			}
		})
	}
}

func records(oracle *wisdm.Oracle) []kafka.Message {
	var list []kafka.Message
	for _, r := range oracle.Rows() {
		list = append(list, kafka.Message{Key: []byte(wisdm.BySubject(r)), Value: wisdm.AppendMessage(nil, r), Time: r.Time})
	}
	return list
}

func produce(t *testing.T, p pipeline.Pipeline, messages []kafka.Message) {
	t.Helper()
	if err := bridge.CreateTopic(t.Context(), p.BridgeConfig()); err != nil {
		t.Fatal(err)
	}
	writer := &kafka.Writer{
		Addr: dial.KafkaAddr(p.Kafka()), Topic: p.Names.Topic, BatchTimeout: time.Millisecond,
		Balancer: kafka.Murmur2Balancer{}, RequiredAcks: kafka.RequireAll,
		Transport: dial.Kafka(p.Access["kafka"]), // one that doesn't yet know which topics there are not
	}
	if err := writer.WriteMessages(context.WithoutCancel(t.Context()), messages...); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
}
