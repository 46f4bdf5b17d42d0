// Package hop holds what was found at a hop of the pipeline, a place where data can
// be observed: how many rows must be there, how many are, and whether they are
// right. A run's hops make up a report, for people and for programs.
package hop

import "time"

// The hops, in the order in which rows pass them.
const (
	MQTT          = "mqtt"
	Kafka         = "kafka"
	Flink         = "flink"
	Elasticsearch = "elasticsearch"
	Kibana        = "kibana"
	Grafana       = "grafana"
	Superset      = "superset" // optional
)

// Names returns the hops' names, in the order in which rows pass them.
func Names() []string { return []string{MQTT, Kafka, Flink, Elasticsearch, Kibana, Grafana} }

// Outcome is the result of a check, in one word.
type Outcome string

// The outcomes. Failed means that the data is wrong, Error that the harness
// couldn't find out. The detail says why a hop was skipped.
const (
	Passed  Outcome = "passed"
	Failed  Outcome = "failed"
	Error   Outcome = "error"
	Skipped Outcome = "skipped"
)

// Result is what a check found at one hop.
type Result struct {
	Hop      string  `json:"hop"`
	Expected int64   `json:"expected"` // rows, from the oracle
	Actual   int64   `json:"actual"`   // different rows that were found
	Outcome  Outcome `json:"outcome"`
	// Detail says why, where the outcome isn't plainly passed.
	Detail string `json:"detail"`
	// Span is the time from the first row's arrival to the last one's, 0 where
	// that wasn't watched.
	Span time.Duration `json:"span_ns,omitempty"`
	// Took is how long the comparison took, 0 where that wasn't watched.
	Took time.Duration `json:"took_ns,omitempty"`
}

// Errored returns the result of a check that couldn't be made.
func Errored(name string, expected int64, err error) Result {
	return Result{Hop: name, Expected: expected, Outcome: Error, Detail: err.Error()}
}

// SkippedFor returns the result of a hop that wasn't checked.
func SkippedFor(name string, expected int64, why string) Result {
	return Result{Hop: name, Expected: expected, Outcome: Skipped, Detail: why}
}
