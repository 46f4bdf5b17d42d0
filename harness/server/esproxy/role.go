package esproxy

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
)

// RoleName is the name under which a program that starts proxies has to offer
// [Role] to reexec.Run.
const RoleName = "esproxy"

// Role is what a process does that is started as a proxy. Its arguments are the
// address to listen on and the node's, each as host:port.
func Role(args []string) int {
	if len(args) != 2 {
		fmt.Fprintf(os.Stderr, "esproxy: needs two arguments, its address and the node's, not %d\n", len(args))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if err := Serve(ctx, args[0], args[1], log.New(os.Stderr, "", log.LstdFlags|log.Lmsgprefix)); err != nil {
		fmt.Fprintln(os.Stderr, "esproxy:", err)
		return 1
	}
	return 0
}
