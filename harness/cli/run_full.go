package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/ui"
	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
)

// manyRows is the number of rows from which a run suggests --full.
const manyRows = 500_000

// expectation is what every hop must hold of the rows to send: one of the two is set.
type expectation struct {
	oracle *wisdm.Oracle
	ledger *wisdm.Ledger
}

func (e expectation) count() int64 {
	if e.ledger != nil {
		return e.ledger.Count()
	}
	return e.oracle.Count()
}

// expect returns the rows to send and what every hop must hold of them.
func (o runOptions) expect(c *cobra.Command, u *ui.UI) (wisdm.Input, expectation, error) {
	if !o.full {
		input, oracle, err := o.input.read(c, u)
		if err == nil && oracle.Count() >= manyRows {
			u.Say("all rows are kept in memory to be compared; --full does not keep them")
		}
		return input, expectation{oracle: oracle}, err
	}
	debug.SetMemoryLimit(endtoend.LedgerHeap)
	input, ledger, err := o.input.readLedger(c, u)
	return input, expectation{ledger: ledger}, err
}

// readLedger is read for any number of rows: it keeps none.
func (o *inputOptions) readLedger(c *cobra.Command, u *ui.UI) (wisdm.Input, *wisdm.Ledger, error) {
	o.given(c)
	if o.path == "" {
		o.rows, o.seeded = orDefault(o.rows, wisdm.FullSizeRows), true
	}
	bad := &badRows{ui: u}
	input, err := o.open(bad)
	if err != nil {
		return nil, nil, err
	}
	board := u.Board()
	board.Note("summing up what every hop must hold of " + input.Name())
	ledger, err := wisdm.ReadLedger(c.Context(), input, wisdm.DefaultBase, o.rows, func(n int64) {
		board.Set("oracle", n, o.rows, ui.Count(n)+" rows")
	})
	board.Close()
	if err != nil {
		return nil, nil, inputError{err, o.skipBad}
	}
	bad.end()
	return input, ledger, nil
}

// speedometer computes how fast something goes, and how long it will take.
type speedometer struct {
	mu   sync.Mutex
	from map[string]reading
	last map[string]reading
}

type reading struct {
	at time.Time
	n  int64
}

// speedSpan is how far back a rate looks, at least.
const speedSpan = 20 * time.Second

func newSpeedometer() *speedometer {
	return &speedometer{from: map[string]reading{}, last: map[string]reading{}}
}

// read returns words such as ", 12,345 rows/s, 1m30s left"; "" as long as there
// is nothing to compute from.
func (s *speedometer) read(name string, now time.Time, n, total int64) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.from[name]; !known {
		s.from[name], s.last[name] = reading{now, n}, reading{now, n}
	}
	if now.Sub(s.last[name].at) >= speedSpan {
		s.from[name], s.last[name] = s.last[name], reading{now, n}
	}
	from := s.from[name]
	passed := now.Sub(from.at)
	if passed < time.Second || n <= from.n {
		return ""
	}
	rate := float64(n-from.n) / passed.Seconds()
	left := time.Duration(float64(total-n) / rate * float64(time.Second))
	return fmt.Sprintf(", %s rows/s, %s left", ui.Count(int64(rate)), left.Round(time.Second))
}

// processes returns what takes part in a run, with its peak memory and the CPU time that
// it has taken since its start.
func processes(ctx context.Context, r *run.Run, connect bool) []hop.Process {
	name := "lab run: publisher, bridge, probes, oracle"
	if connect {
		name = "lab run: publisher, probes, oracle"
	}
	list := []hop.Process{alone(name, os.Getpid())}
	state, err := r.Client.State(ctx)
	if err != nil {
		return list
	}
	list = append(list, alone("keeper", state.PID))
	for _, name := range r.Names {
		p := hop.Process{Name: name, Hop: component.HopOf(name), Own: name == "mochi"}
		if c := state.Components[name]; c != nil && c.PID != 0 {
			p.Peak, _ = usage.TreePeak(c.PID)
			p.CPU, _ = usage.TreeCPU(c.PID)
		}
		list = append(list, p)
	}
	return list
}

// ownParts lists the parts of this process in the order in which rows pass them.
func ownParts(took map[string]time.Duration, err error) (list []hop.Part, _ error) {
	for _, name := range []string{endtoend.Publisher, endtoend.Bridge, endtoend.Listener, endtoend.Exporter, endtoend.Counting, endtoend.Comparison, ""} {
		if took[name] > 0 {
			list = append(list, hop.Part{Name: cmp.Or(name, "the rest, such as Go's collector"), CPU: took[name]})
		}
	}
	return list, err
}

// alone is a process of hoplab's own, without its children, which are others' lines.
func alone(name string, pid int) hop.Process {
	p := hop.Process{Name: name, Own: true}
	p.Peak, _ = usage.Peak(pid)
	p.CPU, _ = usage.CPUOf(pid)
	return p
}

// stages are the processes of a run when rows begin to flow, when they have flowed, and
// when they are compared.
type stages struct{ before, flowed, compared []hop.Process }

// load returns what a run of many rows took.
func (s stages) load(rows int64, flow, total time.Duration) *hop.Load {
	for i := range s.compared {
		if i < len(s.before) && i < len(s.flowed) { // the same processes, unless the keeper didn't answer
			p := &s.compared[i]
			p.Comparing, p.CPU = p.CPU.Less(s.flowed[i].CPU), s.flowed[i].CPU.Less(s.before[i].CPU)
		}
	}
	return &hop.Load{Rows: rows, Flow: flow, Total: total, Processes: s.compared}
}

// tooLarge is the error of a run whose own programs took too much memory.
func tooLarge(l *hop.Load) error {
	if l == nil {
		return nil
	}
	for _, p := range l.TooLarge() {
		return failedError{fmt.Sprintf("%s took %d MB of memory, more than %d", p.Name, p.Peak/1_000_000, int64(hop.OwnLimit)/1_000_000)}
	}
	return nil
}
