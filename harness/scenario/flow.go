package scenario

import (
	"errors"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/flow/publish"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// Core has the components from Kafka to Elasticsearch.
var Core = pipeline.Components("")[1:]

// NeedSink skips the test where the stack's Flink can't write to Elasticsearch.
func NeedSink(t testing.TB, p pipeline.Pipeline) {
	t.Helper()
	switch err := p.NeedSink(t.Context()); {
	case errors.As(err, new(*pipeline.NoSinkError)):
		t.Skipf("skipped because %v", err)
	case err != nil:
		t.Fatal(err)
	}
}

// Rows returns n generated rows and what every hop must hold of them.
func Rows(t testing.TB, seed uint64, n int64) (wisdm.Input, *wisdm.Oracle) {
	t.Helper()
	input := wisdm.Generator{Seed: seed, Rows: n}
	return input, Oracle(t, input)
}

// Oracle returns what every hop must hold of all rows of input.
func Oracle(t testing.TB, input wisdm.Input) *wisdm.Oracle {
	t.Helper()
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	return oracle
}

// Passed fails the test unless a hop has passed.
func Passed(t testing.TB, r hop.Result) {
	t.Helper()
	if r.Outcome != hop.Passed || r.Actual != r.Expected {
		t.Errorf("hop %s: %s, %d rows of %d\n%s", r.Hop, r.Outcome, r.Actual, r.Expected, r.Detail)
	}
}

// Fails fails the test unless a hop has failed with a detail that holds want:
// it shows that a check can fail.
func Fails(t testing.TB, r hop.Result, want string) {
	t.Helper()
	if r.Outcome != hop.Failed || !strings.Contains(r.Detail, want) {
		t.Errorf("hop %s: %s, want failed with %q\n%s", r.Hop, r.Outcome, want, r.Detail)
	}
}

// Publish publishes all rows of input, as fast as it can, with QoS 1.
func Publish(t testing.TB, p pipeline.Pipeline, input wisdm.Input) {
	t.Helper()
	_, err := publish.Run(t.Context(), p.PublishConfig(input))
	if err != nil {
		t.Fatal(err)
	}
}

// Bridge starts hoplab's bridge and ends it with the test.
func Bridge(t testing.TB, p pipeline.Pipeline) *pipeline.Carrier {
	t.Helper()
	carrier, err := p.StartBridge(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := carrier.Stop(); err != nil {
			t.Error(err)
		}
	})
	return carrier
}

// Fill brings all rows of input into Kafka, through publisher and bridge.
func Fill(t testing.TB, p pipeline.Pipeline, input wisdm.Input, want int64) {
	t.Helper()
	if err := p.FillTopic(t.Context(), input, want, stall); err != nil {
		t.Fatal(err)
	}
}

// stall is how long a hop may stay the same before its check is made.
const stall = 20 * time.Second

// Await returns when count is at least want, or hasn't changed for a while: the hop's
// check then says what is missing.
func Await(t testing.TB, count probe.Counter, want int64) {
	t.Helper()
	if _, err := probe.Await(t.Context(), count, want, stall); err != nil {
		t.Fatal(err)
	}
}

// PublishRaw publishes one message as it is.
func PublishRaw(t testing.TB, p pipeline.Pipeline, payload []byte) {
	t.Helper()
	login := p.Access[p.Broker]
	options := dial.MQTT(mqtt.NewClientOptions(), login).AddBroker(dial.MQTTURL(login, p.MQTT()))
	client := mqtt.NewClient(options.SetClientID("raw-" + p.Names.Source))
	for _, token := range []func() mqtt.Token{
		client.Connect, func() mqtt.Token { return client.Publish(p.Names.Source, 1, false, payload) },
	} {
		if sent := token(); !sent.WaitTimeout(stall) || sent.Error() != nil {
			t.Fatalf("publish a message: %v", sent.Error())
		}
	}
	client.Disconnect(100)
}
