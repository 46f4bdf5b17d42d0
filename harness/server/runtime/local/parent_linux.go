package local

import "syscall"

// dieWithParent has the kernel kill the child when its parent ends, even by
// kill -9.
func dieWithParent(attr *syscall.SysProcAttr) { attr.Pdeathsig = syscall.SIGKILL }
