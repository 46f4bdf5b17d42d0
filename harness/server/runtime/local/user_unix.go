//go:build unix

package local

import (
	"os/exec"
	"syscall"
)

// runAs has cmd, which leads a group, run as u.
func runAs(cmd *exec.Cmd, u *user) {
	if u != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: u.uid, Gid: u.gid}
	}
}
