package fault

import (
	"context"
	"time"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/verify/hop"
)

// Case is one fault.
type Case struct {
	// Name is what is done to what, such as "kill kafka".
	Name string
	// Connect makes Kafka Connect the bridge, instead of hoplab's own.
	Connect bool
	// Short puts the case into the short form too.
	Short bool
	// Loses says why rows may be lost on the way into Kafka; "" where none may be.
	Loses string

	// broker is the component that serves MQTT, where it isn't mosquitto behind the
	// toxiproxy.
	broker string
	counts bool     // the broker counts the rows that it drops: no more may be lost
	needs  []string // components besides those of every case
	rate   float64  // rows/s, where it isn't Options.Rate
	// begun is how long rows must have flowed before.
	begun time.Duration
	// pull injects the fault, and calls over when the fault has ended: the server is
	// being started again, the connection is whole.
	pull func(ctx context.Context, f *flow, over func()) error
}

// Hops are those at which the rows are looked at, in their order.
var Hops = []string{hop.MQTT, hop.Kafka, hop.Elasticsearch}

// Seen is what became of the rows at a hop.
type Seen struct {
	Hop string `json:"hop"`
	// Lost counts the rows that should be there and aren't. For MQTT these are the
	// rows that the broker hasn't acknowledged.
	Lost int64 `json:"lost"`
	// Repeated counts what is there beyond one of each row. For MQTT this is what
	// the publisher has sent again.
	Repeated int64 `json:"repeated"`
	// Recovered is how long after the fault's end (the server is started again, say)
	// the hop was last more than two seconds' rows behind the hop before it; 0 where
	// it wasn't behind any more. For MQTT it is how long no row had been acknowledged
	// for a second.
	Recovered time.Duration `json:"recovered_ns"`
	// Problem is what else is wrong, such as a value; "" for nothing.
	Problem string `json:"problem,omitempty"`
}

// Result is what a case has shown.
type Result struct {
	Case string `json:"case"`
	// Rows is how many were published.
	Rows int64  `json:"rows"`
	Seen []Seen `json:"hops"`
	// Loses is as in Case.
	Loses string `json:"loses,omitempty"`
	// Told is how many rows a server says it has lost, where it counts them.
	Told *int64 `json:"told,omitempty"`
	// Wrong says what breaks the guarantee, "" for nothing: a row that is lost where
	// none may be, one that is in Elasticsearch twice, or a wrong value.
	Wrong string        `json:"wrong,omitempty"`
	Span  time.Duration `json:"span_ns"` // of the whole case
}

// Options say on what the cases run.
type Options struct {
	// Client is the keeper's of a run of the stack [version.Faults], whose Core
	// components are ready.
	Client *keeper.Client
	// Files has the labs' files; nil for our solutions.
	Files pipeline.Files
	// Rate is how many rows flow per second; 0 means 500.
	Rate float64
	// Patience is how long the hops may take to catch up before they are compared
	// all the same; 0 means 100 s.
	Patience time.Duration
	// Stage, if any, is called with progress messages.
	Stage func(what string)
}

// Core are the components that every case needs.
var Core = append(pipeline.Components("mosquitto"), "toxiproxy")
