// Package choose chooses the runtime for components: the one that was asked for;
// otherwise containers if an engine and all images are available; otherwise local.
package choose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/program"
	"hoplab.example/harness/server/runtime/attach"
)

// Variable names a runtime in the environment.
const Variable = "HOPLAB_RUNTIME"

// Names are the runtimes.
var Names = []string{"attach", "containers", "local"}

// FileVariable names the file of addresses for the runtime attach.
const FileVariable = "HOPLAB_ATTACH"

// File loads the file of addresses: the one that was asked for, or the
// environment's.
func File(wanted string) (*attach.File, error) {
	path := cmp.Or(wanted, os.Getenv(FileVariable))
	if path == "" {
		return nil, fmt.Errorf("the runtime attach needs a file of addresses: --attach FILE, or %s", FileVariable)
	}
	return attach.Load(path)
}

// Choice is a runtime and why it was taken.
type Choice struct{ Name, Why string }

// Runtime returns the runtime for these components. wanted is what the user
// asked for, if anything; the environment comes next. What is asked for is
// taken even if it can't work: it then reports what it lacks.
func Runtime(ctx context.Context, wanted string, components []component.Component) (Choice, error) {
	return choose(wanted, os.Getenv(Variable), func() error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		if err := image.Available(ctx, components); err != nil {
			return err
		}
		return builtIn(components)
	})
}

// builtIn reports why a server that is part of hoplab can't run in a container.
func builtIn(components []component.Component) error {
	if !slices.ContainsFunc(components, func(c component.Component) bool { return c.Program.Builtin != "" }) {
		return nil
	}
	own, err := os.Executable()
	if err != nil {
		return err
	}
	return program.Possible(own, runtime.GOARCH) // the engine is on this machine
}

// limit is how long the choice may take: an engine or a registry may hang.
const limit = 5 * time.Second

const noEngine = "no container engine: servers run as processes"

func choose(wanted, fromEnv string, available func() error) (Choice, error) {
	for _, asked := range []Choice{{wanted, "it was asked for"}, {fromEnv, Variable + " says so"}} {
		if asked.Name == "" {
			continue
		}
		if !slices.Contains(Names, asked.Name) {
			return Choice{}, fmt.Errorf("there is no runtime %q; there are %v", asked.Name, Names)
		}
		return asked, nil
	}
	var none *image.EngineError
	if err := available(); errors.As(err, &none) && none.None {
		return Choice{"local", noEngine}, nil // the normal case, which needs no details
	} else if err != nil {
		return Choice{"local", err.Error()}, nil
	}
	return Choice{"containers", "a container engine and all images are available"}, nil
}
