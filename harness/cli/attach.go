package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/util/ui"
)

// resolve makes --attach FILE mean the runtime attach.
func (o *stackOptions) resolve() error {
	if o.attach == "" {
		return nil
	}
	if o.runtime != "" && o.runtime != "attach" {
		return usageError{fmt.Errorf("--runtime %s starts components and --attach names some that run; give one of the two", o.runtime)}
	}
	o.runtime = "attach"
	return nil
}

// file returns the file of addresses, or nil where components are to be started.
func (o stackOptions) file() (*attach.File, error) {
	if cmp.Or(o.runtime, os.Getenv(choose.Variable)) != "attach" {
		return nil, nil
	}
	file, err := choose.File(o.attach)
	if err != nil {
		return nil, usageError{err}
	}
	return file, nil
}

// shared reports whether what a run makes there would stay after it.
func (s *running) shared() bool { return s.reused || s.Runtime == "attach" }

// freshNames are the original lab's, or others where those may be taken.
func (s *running) freshNames() pipeline.Names {
	switch {
	case s.Runtime == "attach":
		return pipeline.NewNames(fmt.Sprintf("%x", time.Now().UnixNano())).Prefixed(s.prefix)
	case s.reused:
		return pipeline.NewNames(time.Now().Format("150405"))
	}
	return pipeline.NewNames("")
}

const removeLimit = time.Minute

// remove takes away what the run has made, even if it was interrupted.
func remove(u *ui.UI, p pipeline.Pipeline) {
	ctx, cancel := context.WithTimeout(context.Background(), removeLimit)
	defer cancel()
	if err := cleanup.Remove(ctx, p); err != nil {
		u.Say("not all that the run has made is gone: %v", err)
	}
}

// addressOf returns where a component of a file of addresses is, and how to log
// in there. The built-in broker takes mosquitto's place where the file has only that.
func addressOf(path, name string) (string, access.Login, error) {
	file, err := attach.Load(path)
	if err == nil {
		if name == "mosquitto" {
			name = file.Broker()
		}
		err = file.Require([]string{name})
	}
	if err != nil {
		return "", access.Login{}, usageError{err}
	}
	return file.Address(name), file.Access()[name], nil
}
