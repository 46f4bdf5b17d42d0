//go:build !linux

package sandbox

import (
	"context"
	"fmt"
	"os"
	"runtime"
)

// Run needs Linux's namespaces: on other systems it returns an *UnavailableError.
func Run(context.Context, Options) (Result, error) {
	return Result{}, &UnavailableError{Reason: runtime.GOOS + " has no namespaces"}
}

// Role does nothing here.
func Role([]string) int {
	fmt.Fprintln(os.Stderr, "sandbox: this system has no namespaces")
	return 2
}
