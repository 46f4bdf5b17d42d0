package usage

import (
	"bytes"
	"context"
	"fmt"
	"runtime/pprof"
	"sync"
	"time"

	"github.com/google/pprof/profile"
)

// partLabel is the label, in a CPU profile, of the goroutines of a part.
const partLabel = "part"

// Part calls do as the part of this process that has the name: goroutines that do
// starts belong to it as well, unless they begin a part of their own.
func Part(ctx context.Context, name string, do func(context.Context)) {
	pprof.Do(ctx, pprof.Labels(partLabel, name), do)
}

// Parts measures the CPU time of this process by part, until the function that it returns is
// called, which returns the same each time. The time comes from samples, one per 10 ms of CPU time; under "" is what belongs to no
// part, such as Go's collector. Only one CPU profile of a process can be made at a time.
func Parts() (stop func() (map[string]time.Duration, error), err error) {
	var text bytes.Buffer
	if err := pprof.StartCPUProfile(&text); err != nil {
		return nil, fmt.Errorf("measure CPU time by part: %w", err)
	}
	return sync.OnceValues(func() (map[string]time.Duration, error) {
		pprof.StopCPUProfile()
		return byPart(text.Bytes())
	}), nil
}

// byPart adds a CPU profile's samples up: the second value of each is its time in
// nanoseconds, as runtime/pprof writes it.
func byPart(text []byte) (map[string]time.Duration, error) {
	p, err := profile.ParseData(text)
	if err != nil {
		return nil, fmt.Errorf("read the CPU profile: %w", err)
	}
	parts := map[string]time.Duration{}
	for _, s := range p.Sample {
		name := ""
		if labels := s.Label[partLabel]; len(labels) > 0 {
			name = labels[0]
		}
		parts[name] += time.Duration(s.Value[1])
	}
	return parts, nil
}
