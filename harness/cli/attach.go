package cli

import (
	"context"
	"time"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/util/ui"
)

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
