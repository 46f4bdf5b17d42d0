package bench

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
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
// rows/s at each hop, which have no goal, and the peak memory of hoplab's own
// programs, in MB against hop.OwnLimit: that of this process, in which publisher,
// bridge and probes run, and of the keeper, whose process number is given: against
// a limit, not against another. A hop
// that doesn't hold what it should is an error.
func Chain(ctx context.Context, p pipeline.Pipeline, keeper int, rows int64, runs int) ([]Figure, error) {
	before := debug.SetMemoryLimit(endtoend.LedgerHeap)
	defer debug.SetMemoryLimit(before)
	defer endtoend.ShareCores()()
	var speeds chainSpeeds
	own := []*process{{name: "publisher, bridge and probes", pid: os.Getpid()}, {name: "keeper", pid: keeper}}
	for i := range runs {
		p.Names = pipeline.NewNames(fmt.Sprintf("chain_%d_%d", time.Now().UnixMilli(), i))
		debug.FreeOSMemory() // what an earlier part has used is none of this one's
		usage.ResetPeak(os.Getpid())
		hops, err := chain(ctx, p, rows)
		if err != nil {
			return nil, err
		}
		speeds.add(hops)
		for _, o := range own {
			o.look()
		}
		if err := cleanup.Remove(ctx, p); err != nil {
			return nil, err
		}
	}
	figures := speeds.figures(rows)
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

func chain(ctx context.Context, p pipeline.Pipeline, rows int64) ([]hop.Result, error) {
	input := wisdm.Generator{Seed: 1, Rows: rows}
	ledger, err := wisdm.ReadLedger(ctx, input, wisdm.DefaultBase, 0, nil)
	if err != nil {
		return nil, err
	}
	hops, err := endtoend.Run(ctx, p, endtoend.Flow{Input: input, Ledger: ledger, Base: wisdm.DefaultBase, QoS: 1})
	for _, h := range hops {
		if err == nil && h.Outcome != hop.Passed {
			err = fmt.Errorf("chain: %s: %s: %s", h.Hop, h.Outcome, h.Detail)
		}
	}
	return hops, err
}

// chainSpeeds has the rows/s of each run, by hop.
type chainSpeeds struct {
	names []string
	rates map[string][]float64
}

func (s *chainSpeeds) add(hops []hop.Result) {
	if s.rates == nil {
		s.rates = map[string][]float64{}
	}
	for _, h := range hops {
		if h.Rate() == 0 { // its rows, few as they were, had all come by the first look
			continue
		}
		if s.rates[h.Hop] == nil {
			s.names = append(s.names, h.Hop)
		}
		s.rates[h.Hop] = append(s.rates[h.Hop], h.Rate())
	}
}

func (s *chainSpeeds) figures(rows int64) []Figure {
	var figures []Figure
	for _, name := range s.names {
		figures = append(figures, alone(fmt.Sprintf("chain: %d rows into %s", rows, name), "rows/s", Higher, s.rates[name]))
	}
	return figures
}
