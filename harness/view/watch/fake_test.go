package watch

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"hoplab.example/harness/verify/hop"
)

// fake is a fake source: it answers what the test has last said, and each look
// at it adds grow rows to each hop.
type fake struct {
	mu     sync.Mutex
	sample Sample
	grow   int64
	looks  int
	closed int
}

func newFake(rows int64) *fake {
	f := &fake{sample: Sample{Hops: map[string]Reading{}}}
	for _, name := range watched {
		f.sample.Hops[name] = Reading{Rows: rows, Passed: rows, Last: fakeRows(name, rows)}
	}
	for _, name := range []string{"mosquitto", "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch"} {
		f.sample.Components = append(f.sample.Components, Component{Name: name, Phase: "ready"})
	}
	return f
}

func fakeRows(name string, from int64) (list []Row) {
	where := map[string]string{hop.Kafka: "partition 1, offset %d", hop.Elasticsearch: "_id 1600_watch_accel_%d"}[name]
	for i := range min(4, from) {
		r := Row{Text: fmt.Sprintf(`{"usid":1600,"action":"A","ts":252207666810782,"x":-0.36476135,"y":8.793503,"z":1.0550842,"device":"watch","sensor":"accel","seq":%d,"event_time":"2023-11-14T22:13:20.000Z"}`, from-i)}
		if where != "" {
			r.Where = fmt.Sprintf(where, from-i)
		}
		list = append(list, r)
	}
	if name == hop.Flink {
		return nil
	}
	return list
}

func (f *fake) Read(context.Context) Sample {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.looks++
	for name, r := range f.sample.Hops {
		r.Rows, r.Passed = r.Rows+f.grow, r.Passed+f.grow
		if f.grow > 0 {
			r.Last = fakeRows(name, r.Rows)
		}
		f.sample.Hops[name] = r
	}
	copied := f.sample
	copied.Hops = map[string]Reading{}
	for name, r := range f.sample.Hops {
		copied.Hops[name] = r
	}
	return copied
}

func (f *fake) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed++
}

func (f *fake) set(name string, change func(*Reading)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.sample.Hops[name]
	change(&r)
	f.sample.Hops[name] = r
}

func (f *fake) growBy(n int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.grow = n
}

func (f *fake) counts() (looks, closed int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.looks, f.closed
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}
