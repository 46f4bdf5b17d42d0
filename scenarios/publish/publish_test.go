// Package publish is the first lab step: rows are published, and each arrives
// at a subscriber, once and in order. It runs with both MQTT brokers. Rows that
// are never published are a trap of the original lab: see scenarios/traps.
package publish

import (
	"testing"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

func TestMain(m *testing.M) { scenario.Main(m) }

const rows = 3000

// eachBroker runs test with each MQTT broker.
func eachBroker(t *testing.T, test func(*testing.T, pipeline.Pipeline)) {
	for _, broker := range testenv.Brokers {
		t.Run(broker, func(t *testing.T) {
			test(t, scenario.Exactly(t, broker).Pipeline())
		})
	}
}

// hear publishes sent and checks what a subscriber hears against the oracle.
func hear(t *testing.T, p pipeline.Pipeline, sent wisdm.Input, count int64, oracle *wisdm.Oracle) hop.Result {
	t.Helper()
	heard, err := p.Subscribe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer heard.Close()
	scenario.Publish(t, p, sent)
	scenario.Await(t, heard.Count, count)
	return heard.Check(t.Context(), oracle)
}

func TestEveryRowArrives(t *testing.T) {
	eachBroker(t, func(t *testing.T, p pipeline.Pipeline) {
		input, oracle := scenario.Rows(t, 1, rows)
		result := hear(t, p, input, oracle.Count(), oracle)
		scenario.Passed(t, result)
		if result.Detail != "" {
			t.Errorf("want each row once: %s", result.Detail)
		}
	})
}

// altered changes one value of one row.
type altered struct{ wisdm.Input }

func (a altered) Open() (wisdm.Source, error) {
	source, err := a.Input.Open()
	return &altering{Source: source}, err
}

type altering struct {
	wisdm.Source
	n int
}

func (a *altering) Read() (wisdm.Row, error) {
	row, err := a.Source.Read()
	if a.n++; a.n == 100 {
		row.Y += 0.001
	}
	return row, err
}

func TestAlteredRowIsSeen(t *testing.T) {
	eachBroker(t, func(t *testing.T, p pipeline.Pipeline) {
		input, oracle := scenario.Rows(t, 3, 200)
		scenario.Fails(t, hear(t, p, altered{input}, 200, oracle), "y")
	})
}
