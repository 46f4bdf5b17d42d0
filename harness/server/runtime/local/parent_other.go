//go:build !linux

package local

import "syscall"

// dieWithParent does nothing: only Linux has a signal for it. What a killed
// keeper leaves elsewhere is swept when the next one starts.
func dieWithParent(*syscall.SysProcAttr) {}
