//go:build !linux

package local

import "syscall"

// dieWithParent does nothing: only Linux has a signal for it. On other systems, the
// next keeper sweeps what a killed one left behind.
func dieWithParent(*syscall.SysProcAttr) {}
