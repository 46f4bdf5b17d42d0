// Package orders tests a pipeline of JSON orders, hop by hop, in a module of its own.
package orders

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/testenv"
)

func TestMain(m *testing.M) { testenv.Main(m) }

//go:embed orders.sql
var sql string

// order is the key of an order's record, its customer, and its time.
func order(payload []byte) (key []byte, at time.Time, err error) {
	var o struct {
		Customer string
		Ordered  time.Time
	}
	err = json.Unmarshal(payload, &o)
	return []byte(o.Customer), o.Ordered, err
}

func TestOrders(t *testing.T) {
	env := testenv.New(t, testenv.MQTT, testenv.Kafka, testenv.Flink, testenv.Elasticsearch)
	orders := env.Name("orders")
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var sent []string
	for i := range 100 {
		at := noon.Add(time.Duration(i) * time.Second).Format(time.RFC3339)
		sent = append(sent, fmt.Sprintf(`{"id":%d,"customer":"c%d","euros":%d,"ordered":%q}`, i, i%3, 10+i, at))
	}
	env.Bridge(bridge.Config{Source: orders, Topic: orders, Record: order})
	env.MQTT.Publish(orders, sent...)
	env.Eventually(env.Kafka.Count(orders), 100, nil)
	for _, record := range env.Kafka.Read(orders) {
		key, at, err := order(record.Value)
		if err != nil || string(record.Key) != string(key) || !record.Time.Equal(at) || len(record.Headers) > 0 {
			t.Errorf("%s: key %s, time %v, headers %v", record.Value, record.Key, record.Time, record.Headers)
		}
	}
	job := env.Flink.Start("orders.sql", sql, map[string]string{"topic": orders, "index": orders})
	env.Eventually(env.Elasticsearch.Count(orders), 50, job.Why)
	documents := env.Elasticsearch.Documents(orders)
	want := map[string]string{}
	for i := 50; i < 100; i++ { // those of 60 euros and more
		want[fmt.Sprint(i)] = fmt.Sprintf(`{"id":%d,"customer":"c%d","euros":%d}`, i, i%3, 10+i)
	}
	if !maps.Equal(documents, want) {
		t.Errorf("documents %v, want %v", documents, want)
	}
}
