package bench

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/usage"
	"hoplab.example/harness/verify/hop"
)

// Chain sends generated rows through the whole pipeline, from the publisher to
// Elasticsearch, each hop compared with the input, runs times. It returns the
// rows/s at each hop and the CPU time of each part of this process, which have no goal,
// and the peak memory of hoplab's own programs, in MB against hop.OwnLimit: that of this
// process, in which publisher, bridge and probes run, and of the keeper, whose process
// number is given. A hop that doesn't hold what it should is an error.
func Chain(ctx context.Context, p pipeline.Pipeline, keeper int, rows int64, runs int) ([]Figure, error) {
	before := debug.SetMemoryLimit(endtoend.LedgerHeap)
	defer debug.SetMemoryLimit(before)
	defer endtoend.ShareCores()()
	var speeds, parts byName
	own := []*process{{name: "publisher, bridge and probes", pid: os.Getpid()}, {name: "keeper", pid: keeper}}
	names := p.Names
	for i := range runs {
		p.Names = names.With(fmt.Sprintf("chain_%d_%d", time.Now().UnixMilli(), i))
		debug.FreeOSMemory() // what an earlier part has used is none of this one's
		usage.ResetPeak(os.Getpid())
		hops, took, err := chain(ctx, p, rows)
		if err != nil {
			return nil, err
		}
		speeds.rates(hops)
		parts.parts(took, rows)
		for _, o := range own {
			o.look()
		}
		if err := cleanup.Remove(ctx, p); err != nil {
			return nil, err
		}
	}
	figures := speeds.figures(fmt.Sprint("chain: ", rows, " rows into %s"), "rows/s", Higher)
	figures = append(figures, parts.figures("chain: CPU of our own, %s", "µs/row", Lower)...)
	for _, o := range own {
		if len(o.peaks) > 0 { // otherwise this system doesn't report it
			figures = append(figures, o.figure())
		}
	}
	return figures, nil
}

// process is one of our own, whose memory is measured.
type process struct {
	name  string
	pid   int
	peaks []float64 // MB
}

func (p *process) look() {
	if bytes, known := usage.Peak(p.pid); known {
		p.peaks = append(p.peaks, float64(bytes)/1e6)
	}
}

func (p *process) figure() Figure {
	return alone("chain: peak memory of "+p.name, "MB", Lower, p.peaks).withGoal(Goal{OfOurs, AtMost, hop.OwnLimit / 1e6})
}

func chain(ctx context.Context, p pipeline.Pipeline, rows int64) ([]hop.Result, map[string]time.Duration, error) {
	input := wisdm.Generator{Seed: 1, Rows: rows}
	ledger, err := wisdm.ReadLedger(ctx, input, wisdm.DefaultBase, 0, nil)
	if err != nil {
		return nil, nil, err
	}
	stop, err := usage.Parts()
	if err != nil {
		return nil, nil, err
	}
	hops, err := endtoend.Run(ctx, p, endtoend.Flow{Input: input, Ledger: ledger, Base: wisdm.DefaultBase, QoS: 1})
	for _, h := range hops {
		if err == nil && h.Outcome != hop.Passed {
			err = fmt.Errorf("chain: %s: %s: %s", h.Hop, h.Outcome, h.Detail)
		}
	}
	took, failed := stop()
	return hops, took, cmp.Or(err, failed)
}

// byName has a value of each run, by what it is of.
type byName struct {
	names  []string
	values map[string][]float64
}

func (b *byName) put(name string, value float64) {
	if b.values == nil {
		b.values = map[string][]float64{}
	}
	if b.values[name] == nil {
		b.names = append(b.names, name)
	}
	b.values[name] = append(b.values[name], value)
}

// rates puts the rows/s of each hop.
func (b *byName) rates(hops []hop.Result) {
	for _, h := range hops {
		if h.Rate() > 0 { // otherwise its rows, few as they were, had all come by the first look
			b.put(h.Hop, h.Rate())
		}
	}
}

// parts puts the CPU time a row of each part of this process, in µs.
func (b *byName) parts(took map[string]time.Duration, rows int64) {
	for _, name := range slices.Sorted(maps.Keys(took)) {
		b.put(cmp.Or(name, "the rest"), took[name].Seconds()*1e6/float64(rows))
	}
}

// figures of what has no goal; text has %s for the name.
func (b *byName) figures(text, unit string, better Direction) []Figure {
	var figures []Figure
	for _, name := range b.names {
		figures = append(figures, alone(fmt.Sprintf(text, name), unit, better, b.values[name]))
	}
	return figures
}
