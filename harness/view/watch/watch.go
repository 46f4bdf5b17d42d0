// Package watch shows the running pipeline on a page that only this machine can open:
// how many rows are at each hop, how fast they arrive, the latest ones, and what is
// wrong. One sampler reads the hops for all viewers, and only while there are any;
// Server-Sent Events carry its snapshots to the pages.
//
// The page shows rows that a cluster may keep behind a login, so its address contains
// a secret that other users of the machine can't guess. Pages of other sites are kept
// out by checks of Host, Origin and Sec-Fetch-Site, and by a Content-Security-Policy
// that allows our own script only.
package watch

import (
	"context"
	"time"

	"hoplab.example/harness/verify/hop"
)

// Source reads the hops. Its methods aren't called concurrently.
type Source interface {
	// Read reads all hops. A failure is the reading's Err. It must end soon after
	// ctx has.
	Read(ctx context.Context) Sample
	// Close releases what Read has opened; a later Read opens it again.
	Close()
}

// Sample is what was read at one moment.
type Sample struct {
	Hops       map[string]Reading // by hop.MQTT, hop.Kafka, hop.Flink, hop.Elasticsearch
	Components []Component
}

// Reading is what was read at one hop.
type Reading struct {
	Absent bool  // the run has no such server
	Rows   int64 // as the hop counts them
	// Passed is how many rows have arrived, including repeated ones; only its growth
	// matters.
	Passed int64
	Last   []Row  // the latest rows, the newest first
	Note   string // such as the state of a job
	// Problem is what the hop itself reports. Err is why the hop couldn't be read:
	// the other fields then keep their last values.
	Problem string
	Err     error
}

// Row is a row as the hop holds it.
type Row struct {
	Where string `json:"where"` // such as partition and offset
	Text  string `json:"text"`  // JSON, unless somebody sent something else
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

// Config configures the page.
type Config struct {
	Run    string            // its name
	Names  map[string]string // by hop: the topic or the index there
	Source Source
	// Expected is how many rows there should be, 0 if unknown. Checks, by hop, run
	// when the rows of a hop have stopped changing.
	Expected int64
	Checks   map[string]Check
	// Work, if set, returns how far a student is with a lab, and Page its page, in
	// Markdown: the page then is a workbench for that lab.
	Work func() (Work, error)
	Page []byte
	// Secrets are never shown.
	Secrets []string
	// Every is the time between two readings, Patience how long a hop may be behind
	// the one before it, Linger how long the sampler continues without viewers. Zero
	// means 1 s, 15 s and 10 s.
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
