package endtoend

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// LedgerHeap is the memory limit, in bytes, for Go's collector in a process that
// runs a flow with a Ledger: the process stays well below hop.OwnLimit.
const LedgerHeap = 80 << 20

// ShareCores has this process compute on half of its cores until what it
// returns is called, since the servers beside it do most of a flow's work. With all
// cores, the publisher, bridge and probe wake each other from thread to thread for each
// small packet, which takes about twice the CPU time. GOMAXPROCS in the environment
// comes first.
func ShareCores() (restore func()) {
	if os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	before := runtime.GOMAXPROCS(max(1, runtime.GOMAXPROCS(0)/2)) // a container's limit counts too
	return func() { runtime.GOMAXPROCS(before) }
}

// loadStall is stallLimit for a flow of any size: the index shows what was written
// only every 10 s, and a merge of segments may take a while.
const loadStall = 90 * time.Second

func (r *run) stall() time.Duration {
	if r.Ledger != nil {
		return loadStall
	}
	return stallLimit
}

// taken returns how many rows both subscribers of the MQTT broker have taken: the
// bridge, which counts those that are in Kafka, and the probe.
func (r *run) taken(ctx context.Context) (int64, error) {
	heard, err := r.heard.Count(ctx)
	if err != nil {
		return 0, fmt.Errorf("the probe lost its connection to the MQTT broker: %w", err)
	}
	carried := r.has(hop.Kafka)
	if r.carrier.Stats != nil {
		carried = r.carrier.Stats().Acked
	}
	return min(heard, carried), nil
}

// calmPause is between two questions of how many rows a hop has.
const calmPause = time.Second

// calm asks the servers less often, and Elasticsearch without a refresh.
func calm(counters map[string]probe.Counter, elastic *probe.Elastic) {
	counters[hop.Elasticsearch] = elastic.Visible
	for _, name := range []string{hop.Kafka, hop.Flink, hop.Elasticsearch} {
		if count := counters[name]; count != nil {
			counters[name] = every(calmPause, count)
		}
	}
}

// every repeats the last answer until it is of an age.
func every(age time.Duration, count probe.Counter) probe.Counter {
	var mu sync.Mutex
	var at time.Time
	var last int64
	var failed error
	return func(ctx context.Context) (int64, error) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(at) >= age {
			last, failed = count(ctx)
			at = time.Now()
		}
		return last, failed
	}
}
