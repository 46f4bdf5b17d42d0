// Package roles has every role in which hoplab's executables start themselves:
// the keeper of a run, the servers that are built in, the shell in which a
// student's script runs, and what is measured apart.
package roles

import (
	"hoplab/harness/bench/apart"
	"hoplab/harness/bridge"
	"hoplab/harness/broker"
	"hoplab/harness/cut"
	"hoplab/harness/esproxy"
	"hoplab/harness/keeper"
	"hoplab/harness/reexec"
	"hoplab/harness/sandbox"
)

// Run does what the environment asks for and then exits. It returns where the
// environment names no role. Call it first in main, and in the TestMain of tests
// that start a whole stack.
func Run() {
	reexec.Run(map[string]reexec.Role{
		apart.RoleName:   apart.Role,
		keeper.RoleName:  keeper.Role,
		broker.RoleName:  broker.Role,
		esproxy.RoleName: esproxy.Role,
		bridge.RoleName:  bridge.Role,
		cut.RoleName:     cut.Role,
		sandbox.RoleName: sandbox.Role,
	})
}
