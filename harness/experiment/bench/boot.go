package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/usage"
)

// Stack says which empty stack is to be started.
type Stack struct {
	Runtime string // local or containers
	// EmptyCache: hoplab's cache begins empty, and ends with the stack. What
	// Maven's own repository holds stays.
	EmptyCache bool
	// NoClassData: JVMs go without their archives of classes.
	NoClassData bool
}

// StartStack starts an empty stack that the caller stops.
type StartStack func(ctx context.Context, s Stack) (*keeper.Client, error)

// Boots is what the parts about booting measure.
type Boots struct {
	Start StartStack
	Names []string // the components, each after those that it needs
	Options
}

// booted is how long one boot of all components took, in seconds, the CPU time of all
// of them in seconds, and how long each of them took alone where they came one after
// another.
type booted struct {
	all  float64
	cpu  float64
	each map[string]float64
}

// SideBySide compares the time until all components are up side by side with its
// floor, the CPU time of all of them divided by the number of cores: no order of
// starts can be faster. It also has a figure for each component while nothing else
// boots. The caches must be full.
func (b Boots) SideBySide(ctx context.Context) ([]Figure, error) {
	cores := float64(runtime.NumCPU())
	var pairs []pair
	var alones []booted
	var cpu []float64
	for i := range b.Runs {
		b.say("boot: run %d of %d", i+1, b.Runs)
		together, err := b.together(ctx, Stack{Runtime: "local"})
		if err != nil {
			return nil, err
		}
		one, err := b.oneByOne(ctx, Stack{Runtime: "local"})
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, pair{together.all, together.cpu / cores})
		alones, cpu = append(alones, one), append(cpu, together.cpu)
	}
	whole := compare("boot side by side / its floor", "s", pairs, 1.15, true)
	whole.Detail = fmt.Sprintf("the floor is the CPU time of the keeper and of all servers until they are ready, divided by %.0f cores", cores)
	figures := []Figure{whole, alone("CPU of the boots, side by side", "s", Lower, cpu)}
	for _, name := range b.Names {
		f := alone("boot alone", "s", Lower, of(name, alones))
		f.Of = name
		figures = append(figures, f)
	}
	return figures, nil
}

// Cold compares a boot with an empty cache of hoplab's, which is filled from
// Maven's repository, with one with a full cache. The system's own cache of files
// stays as it is.
func (b Boots) Cold(ctx context.Context) ([]Figure, error) {
	figures, err := b.versus(ctx, "an empty cache", Stack{Runtime: "local", EmptyCache: true}, "a full one", Stack{Runtime: "local"})
	for i := range figures {
		if figures[i].Of == "" {
			figures[i].Detail = "with an empty cache of hoplab's, whose files come from Maven's repository on this machine; nothing is downloaded"
		}
	}
	return figures, err
}

// Classes compares a boot with the archives of classes that the cache holds with
// one without. The JDK's own archive is used in both.
func (b Boots) Classes(ctx context.Context) ([]Figure, error) {
	figures, err := b.versus(ctx, "archives of classes", Stack{Runtime: "local"}, "none", Stack{Runtime: "local", NoClassData: true})
	for i := range figures {
		if figures[i].Of == "" {
			figures[i].Detail = pays(figures[i])
		}
	}
	return figures, err
}

// pays says whether the archives are worth it.
func pays(f Figure) string {
	saved := f.Theirs.Median - f.Ours.Median
	switch {
	case f.Ratio.Max < 1:
		return fmt.Sprintf("the archives pay: they save %.1f s of each boot", saved)
	case f.Ratio.Min > 1:
		return fmt.Sprintf("the archives don't pay: they cost %.1f s of each boot", -saved)
	}
	return "the archives make no difference that these runs could show"
}

// Containers compares the boots of all components, one after another, in
// containers with those as processes.
func (b Boots) Containers(ctx context.Context) ([]Figure, error) {
	var pairs []pair
	var ours, theirs []booted
	for i := range b.Runs {
		b.say("containers: run %d of %d", i+1, b.Runs)
		in, err := b.oneByOne(ctx, Stack{Runtime: "containers"})
		if err != nil {
			return nil, err
		}
		as, err := b.oneByOne(ctx, Stack{Runtime: "local"})
		if err != nil {
			return nil, err
		}
		pairs, ours, theirs = append(pairs, pair{in.all, as.all}), append(ours, in), append(theirs, as)
	}
	figures := []Figure{compare("boot in containers / as processes", "s", pairs, 1.3, true)}
	return append(figures, b.perComponent("boot in a container / as a process", ours, theirs)...), nil
}

// versus boots both sides in turn, all side by side and, but in the short form,
// each component alone.
func (b Boots) versus(ctx context.Context, with string, ours Stack, without string, theirs Stack) ([]Figure, error) {
	name := fmt.Sprintf("boot with %s / with %s", with, without)
	var pairs []pair
	var each [2][]booted
	for i := range b.Runs {
		b.say("boot with %s: run %d of %d", with, i+1, b.Runs)
		var all [2]float64
		for side, s := range []Stack{ours, theirs} {
			chain, err := b.together(ctx, s)
			if err != nil {
				return nil, err
			}
			all[side] = chain.all
			if b.Short {
				continue
			}
			one, err := b.oneByOne(ctx, s)
			if err != nil {
				return nil, err
			}
			each[side] = append(each[side], one)
		}
		pairs = append(pairs, pair{all[0], all[1]})
	}
	figures := []Figure{informative(compare("all servers: "+name, "s", pairs, 0, true))}
	if b.Short {
		return figures, nil
	}
	return append(figures, b.perComponent(name, each[0], each[1])...), nil
}

func (b Boots) perComponent(name string, ours, theirs []booted) (figures []Figure) {
	for _, component := range b.Names {
		var pairs []pair
		for i := range ours {
			pairs = append(pairs, pair{ours[i].each[component], theirs[i].each[component]})
		}
		f := informative(compare(name, "s", pairs, 0, true))
		f.Of = component
		figures = append(figures, f)
	}
	return figures
}

// of returns a component's times.
func of(component string, all []booted) (times []float64) {
	for _, b := range all {
		times = append(times, b.each[component])
	}
	return times
}

// together boots all components side by side.
func (b Boots) together(ctx context.Context, s Stack) (booted, error) {
	return b.onStack(ctx, s, func(c *keeper.Client) (map[string]float64, error) {
		return nil, c.Ensure(ctx, b.Names, nil)
	})
}

// oneByOne starts one component after another: Kafka Connect, for one, can't be
// up without Kafka.
func (b Boots) oneByOne(ctx context.Context, s Stack) (booted, error) {
	return b.onStack(ctx, s, func(c *keeper.Client) (map[string]float64, error) {
		each := map[string]float64{}
		for _, name := range b.Names {
			began := time.Now()
			if err := c.Ensure(ctx, []string{name}, nil); err != nil {
				return nil, err
			}
			each[name] = time.Since(began).Seconds()
		}
		return each, nil
	})
}

func (b Boots) onStack(ctx context.Context, s Stack, boot func(*keeper.Client) (map[string]float64, error)) (result booted, err error) {
	client, err := b.Start(ctx, s)
	if err != nil {
		return result, err
	}
	defer client.Stop(context.WithoutCancel(ctx))
	began := time.Now()
	result.each, err = boot(client)
	result.all = time.Since(began).Seconds()
	if err == nil && s.Runtime == "local" {
		result.cpu, err = used(ctx, client)
	}
	if err != nil {
		return result, fmt.Errorf("boot %s%s: %w", strings.Join(b.Names, ", "), s.words(), err)
	}
	return result, nil
}

// used returns the CPU time, in seconds, of a keeper and of all processes that it has
// started.
func used(ctx context.Context, c *keeper.Client) (float64, error) {
	state, err := c.State(ctx)
	if err != nil {
		return 0, err
	}
	cpu, known := usage.CPUOf(state.PID)
	if !known {
		return 0, errors.New("this system doesn't report the CPU time of processes")
	}
	sum := cpu.Sum()
	for _, c := range state.Components {
		if cpu, known := usage.TreeCPU(c.PID); known && c.PID != 0 {
			sum += cpu.Sum()
		}
	}
	return sum.Seconds(), nil
}

func (s Stack) words() string {
	switch {
	case s.EmptyCache:
		return " with an empty cache"
	case s.NoClassData:
		return " without archives of classes"
	}
	return ""
}
