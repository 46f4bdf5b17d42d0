// Package watch shows the pipeline as it works, on a page that this machine alone
// can open: how many rows are at each hop, how fast they come, the last ones,
// and what is wrong. One sampler reads the hops for all who look, and only while
// somebody does; Server-Sent Events carry what it sees to the pages.
//
// The page holds rows, which a cluster may keep behind a login, so its address
// has a secret in it: others who have an account on the machine can't guess it.
// Against pages of other sites stand the check of Host, Origin and
// Sec-Fetch-Site, and a Content-Security-Policy that runs our own script only.
package watch

import (
	"context"
	"time"

	"hoplab.example/harness/check/hop"
)

// Source reads the hops. Its methods aren't called at once.
type Source interface {
	// Read looks at all hops. What it can't read is the reading's Err; it must
	// end soon after ctx has.
	Read(ctx context.Context) Sample
	// Close gives back what Read has opened; a later Read opens it again.
	Close()
}

// Sample is what was seen at one moment.
type Sample struct {
	Hops       map[string]Reading // by hop.MQTT, hop.Kafka, hop.Flink, hop.Elasticsearch
	Components []Component
}

// Reading is what was seen at one hop.
type Reading struct {
	Absent bool  // the run has no such server
	Rows   int64 // as the hop counts them
	// Passed is how many rows have come there, repeated ones too; only its growth
	// counts.
	Passed int64
	Last   []Row  // the last ones, the latest first
	Note   string // such as the state of a job
	// Problem is what the hop itself tells of, Err what kept us from reading it:
	// the other fields are then as they were last.
	Problem string
	Err     error
}

// Row is one as the hop holds it.
type Row struct {
	Where string `json:"where"` // such as partition and offset
	Text  string `json:"text"`  // JSON, unless somebody has sent something else
}

// Component is a server of the run.
type Component struct {
	Name  string `json:"name"`
	Phase string `json:"phase"` // as runtime.Phase
	Error string `json:"error,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

// Check compares what a hop holds with the oracle.
type Check func(context.Context) hop.Result

// Config says what is shown.
type Config struct {
	Run    string            // its name
	Names  map[string]string // what the thing at a hop is called: a topic, an index
	Source Source
	// Expected is how many rows there should be, 0 where nobody knows. Checks, by
	// hop, are made when the rows of a hop have come to rest.
	Expected int64
	Checks   map[string]Check
	// Secrets are never shown.
	Secrets []string
	// Every is the time between two looks, Patience how long a hop may stand
	// behind the one before it, Linger how long the sampler goes on when nobody
	// looks any more. Zero means 1 s, 15 s and 10 s.
	Every, Patience, Linger time.Duration
}

func (c Config) withDefaults() Config {
	for _, d := range []struct {
		at *time.Duration
		is time.Duration
	}{{&c.Every, time.Second}, {&c.Patience, 15 * time.Second}, {&c.Linger, 10 * time.Second}} {
		if *d.at == 0 {
			*d.at = d.is
		}
	}
	return c
}

// watched are the hops that are read, in order.
var watched = []string{hop.MQTT, hop.Kafka, hop.Flink, hop.Elasticsearch}
