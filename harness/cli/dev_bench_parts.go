package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/experiment/bench"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/keeper"
)

// benchPart is what --only names.
type benchPart struct {
	name, what string
	kind       partKind
	measure    func(*bencher, context.Context) ([]bench.Figure, error)
}

// partKind says when a part is measured.
type partKind int

const (
	byDefault    partKind = iota
	whereNamed            // only where --only names it
	alsoAttached          // by default, and on servers that run elsewhere
)

// benchParts are measured in this order: what needs servers first, on one stack,
// and then what boots stacks of its own.
var benchParts []benchPart

func init() { // the parts' functions look at the list
	benchParts = []benchPart{
		{"reader", "against wc -l and a plain bufio.Scanner", byDefault, (*bencher).reader},
		{"publisher", "against mosquitto_pub -l", byDefault, (*bencher).publisher},
		{"bridge", "against a subscriber that throws the same QoS 1 messages away", byDefault, (*bencher).bridge},
		{"connect", "the bridge against Kafka Connect with the open Camel connector", byDefault, (*bencher).connect},
		{"plain", "the bridge against the one that tutorials show: its speed, and what it loses when it is killed", byDefault, (*bencher).plain},
		{"chain", "five times --rows through the whole pipeline: rows/s at each hop, and our own memory", alsoAttached, (*bencher).chain},
		{"exporter", "against Flink's sink: from the same topic into Elasticsearch", alsoAttached, (*bencher).exporter},
		{"latency", "from the publisher until a search finds the row, as percentiles", alsoAttached, (*bencher).latency},
		{"grading", "submissions a minute, four at a time against one at a time", byDefault, (*bencher).grading},
		{"verdict", "how long 'lab work' needs for its checks of each lab, as percentiles", byDefault, (*bencher).verdict},
		{"class", "a class of 60, labs 1 to 7: how long it is graded", byDefault, (*bencher).class},
		{"boot", "all servers side by side, against their CPU time divided by the cores", byDefault, (*bencher).boot},
		{"cold", "their boot with an empty cache, against that with a full one", byDefault, (*bencher).cold},
		{"table", "'lab run' with full caches until it shows each hop, against a first run", byDefault, (*bencher).table},
		{"classes", "their boot with archives of classes, against that without", byDefault, (*bencher).classes},
		{"containers", "each server's boot in a container, against that as a process", whereNamed, (*bencher).containers},
	}
}

func partNames(kinds ...partKind) (names []string) {
	for _, p := range benchParts {
		if slices.Contains(kinds, p.kind) {
			names = append(names, p.name)
		}
	}
	return names
}

func partsHelp() string {
	var b strings.Builder
	for _, p := range benchParts {
		fmt.Fprintf(&b, "  %-10s %s\n", p.name, p.what)
	}
	return b.String()
}

// bencher measures. Parts that need servers share a stack, which grows with
// what each of them needs.
type bencher struct {
	*app
	benchOptions
	dir    string
	shared *run.Run        // nil where none is up
	up     map[string]bool // on the shared stack
	// warm: this machine has downloaded all, and the JVMs' archives are written.
	warm bool
}

const benchBroker = "mosquitto"

var allServers = append(pipeline.Components(benchBroker), "connect")

// flowServers are those that rows pass through on their way to Elasticsearch.
var flowServers = pipeline.Components(benchBroker)

// on runs do on the shared stack with these servers up. do's context ends when one of
// them dies.
func (b *bencher) on(ctx context.Context, names []string, do func(context.Context, *run.Run) ([]bench.Figure, error)) (figures []bench.Figure, err error) {
	if b.shared == nil {
		if b.shared, err = b.open(ctx); err != nil {
			return nil, err
		}
		b.up = map[string]bool{}
	}
	if b.file == nil {
		if err := b.grow(ctx, names); err != nil {
			return nil, err
		}
	}
	err = b.shared.During(ctx, func(ctx context.Context) error {
		figures, err = do(ctx, b.shared)
		return err
	})
	return figures, err
}

// open returns a stack without servers, or one of servers that run elsewhere.
func (b *bencher) open(ctx context.Context) (*run.Run, error) {
	if b.file != nil {
		return b.openRun(ctx, pipeline.Components(b.mqtt), b.stack, b.file)
	}
	return run.StartOwn(ctx, "bench", keeper.Config{Runtime: "local"}, nil)
}

// grow boots what the shared stack lacks of these servers.
func (b *bencher) grow(ctx context.Context, names []string) error {
	lacking := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return b.up[name] })
	b.shared.Names = lacking
	if err := b.shared.Boot(ctx, b.err); err != nil {
		b.shared = nil // Boot has taken it down
		return err
	}
	for _, name := range names {
		b.up[name] = true
	}
	b.shared.Names = names
	return nil
}

// stop takes the shared stack down, if it is up. Where it had all servers, their
// JVMs have written their archives by then.
func (b *bencher) stop() {
	if b.shared == nil {
		return
	}
	b.shared.Close(b.err)
	b.shared, b.warm = nil, b.warm || len(b.up) == len(allServers)
}

func (b *bencher) pipeline(s *run.Run) pipeline.Pipeline {
	p := pipelineOn(s, b.mqtt)
	p.Scale = b.scale
	return p
}

func (b *bencher) reader(ctx context.Context) ([]bench.Figure, error) {
	return bench.Reader(ctx, b.dir, 5*b.Rows, b.Runs)
}

func (b *bencher) publisher(ctx context.Context) ([]bench.Figure, error) {
	return b.on(ctx, []string{benchBroker}, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		f, err := bench.Publisher(ctx, b.pipeline(s), b.dir, b.Rows, b.Runs)
		return []bench.Figure{f}, err
	})
}

// bridge measures Kafka Connect too where it is asked for, since the sides take
// turns.
func (b *bencher) bridge(ctx context.Context) ([]bench.Figure, error) {
	names := []string{benchBroker, "kafka"}
	if b.has("connect") {
		names = append(names, "connect")
	}
	return b.on(ctx, names, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		figures, err := bench.Bridge(ctx, b.pipeline(s), b.Rows, b.Runs, b.has("connect"))
		for i := range figures {
			figures[i].Part = "bridge"
			if strings.HasSuffix(figures[i].Name, "/ Kafka Connect") {
				figures[i].Part = "connect"
			}
		}
		return figures, err
	})
}

func (b *bencher) connect(ctx context.Context) ([]bench.Figure, error) {
	if b.has("bridge") {
		return nil, nil // it was measured with that
	}
	return b.bridge(ctx)
}

func (b *bencher) plain(ctx context.Context) ([]bench.Figure, error) {
	return b.on(ctx, []string{benchBroker, "kafka"}, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		return bench.Plain(ctx, b.pipeline(s), b.Rows, b.Runs)
	})
}

func (b *bencher) chain(ctx context.Context) ([]bench.Figure, error) {
	return b.on(ctx, flowServers, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		return bench.Chain(ctx, b.pipeline(s), s.PID, 5*b.Rows, b.Runs)
	})
}

func (b *bencher) exporter(ctx context.Context) ([]bench.Figure, error) {
	return b.on(ctx, flowServers, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		f, err := bench.Exporter(ctx, b.pipeline(s), b.Options)
		return []bench.Figure{f}, err
	})
}

func (b *bencher) latency(ctx context.Context) ([]bench.Figure, error) {
	return b.on(ctx, flowServers, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		return bench.Latency(ctx, b.pipeline(s), b.Options)
	})
}

func (b *bencher) boots() bench.Boots {
	return bench.Boots{Start: b.start, Names: allServers, Options: b.Options}
}

func (b *bencher) boot(ctx context.Context) ([]bench.Figure, error) {
	return b.booting(ctx, b.boots().SideBySide)
}

func (b *bencher) cold(ctx context.Context) ([]bench.Figure, error) {
	return b.booting(ctx, b.boots().Cold)
}

func (b *bencher) classes(ctx context.Context) ([]bench.Figure, error) {
	return b.booting(ctx, b.boots().Classes)
}

func (b *bencher) containers(ctx context.Context) ([]bench.Figure, error) {
	return b.booting(ctx, func(ctx context.Context) ([]bench.Figure, error) {
		if err := b.warmUp(ctx, "containers"); err != nil {
			return nil, err
		}
		return b.boots().Containers(ctx)
	})
}

// booting measures while nothing else runs and everything is downloaded.
func (b *bencher) booting(ctx context.Context, measure func(context.Context) ([]bench.Figure, error)) ([]bench.Figure, error) {
	b.stop()
	if !b.warm {
		b.Say("booting all servers once, so that no run has to download")
		if err := b.warmUp(ctx, "local"); err != nil {
			return nil, err
		}
		b.warm = true
	}
	return measure(ctx)
}

// warmUp boots everything once.
func (b *bencher) warmUp(ctx context.Context, runtime string) error {
	client, err := b.start(ctx, bench.Stack{Runtime: runtime})
	if err != nil {
		return err
	}
	defer client.Stop(context.WithoutCancel(ctx))
	return client.Ensure(ctx, allServers, nil)
}

// start starts an empty stack, which ends with this process. An empty cache is
// in the run's own folder, and so ends with it too.
func (b *bencher) start(ctx context.Context, s bench.Stack) (*keeper.Client, error) {
	config := keeper.Config{Runtime: s.Runtime, NoClassData: s.NoClassData}
	if s.EmptyCache {
		dir, err := run.Dir(run.Own("bench"))
		if err != nil {
			return nil, err
		}
		config.Cache = filepath.Join(dir, "cache")
	}
	r, err := run.StartOwn(ctx, "bench", config, nil)
	if err != nil {
		return nil, err
	}
	return r.Client, nil
}
