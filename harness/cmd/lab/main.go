// Lab is hoplab's command: it runs the pipeline and shows what arrived at each
// hop, keeps a stack up to play with, and says what a machine lacks.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"hoplab/harness/keeper"
	"hoplab/harness/reexec"
)

func main() {
	reexec.Run(map[string]reexec.Role{
		keeper.RoleName: keeper.Role,
	})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
