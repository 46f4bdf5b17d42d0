// Package cli is the lab command, one file per command: it runs the pipeline and
// shows what arrived at each hop, keeps a stack up to experiment with, grades students'
// files, and says what a machine lacks.
package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"hoplab.example/harness/run/roles"
)

// Main runs the command line of the process, and ends the process with its exit code.
func Main() {
	roles.Run()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second Ctrl-C ends this process at once; the keeper, which is one of its
	// own, then takes the stack down.
	context.AfterFunc(ctx, stop)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
