package broker

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// RoleName is the role in which one of hoplab's executables is the broker. It
// is also the name of the component's built-in program.
const RoleName = "mochi"

// Role is what a process does that is started as the broker. Its one argument
// is the host:port to serve on. It serves until SIGTERM or SIGINT and logs to
// stderr.
func Role(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	return role(ctx, args, os.Stderr)
}

func role(ctx context.Context, args []string, log io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintf(log, "broker: want one argument, the host:port to serve on, got %d\n", len(args))
		return 2
	}
	if err := Serve(ctx, args[0], log); err != nil {
		fmt.Fprintln(log, "broker:", err)
		return 1
	}
	return 0
}
