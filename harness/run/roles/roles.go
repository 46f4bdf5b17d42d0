// Package roles defines every role in which hoplab's executables start themselves:
// the keeper of a run, the servers that are built in, the shell in which a
// student's script runs, what is measured apart, and stand-ins for Grafana and Kibana.
package roles

import (
	"maps"

	"hoplab.example/harness/client/standin"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/experiment/apart"
	"hoplab.example/harness/experiment/toxiproxy"
	"hoplab.example/harness/flow/broker"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/reexec"
)

// Run does what the environment asks for and then exits. It returns where the
// environment names no role. Call it first in main, and in the TestMain of tests
// that start a whole stack.
func Run() {
	all := standin.Roles()
	maps.Copy(all, map[string]reexec.Role{
		apart.RoleName:     apart.Role,
		keeper.RoleName:    keeper.Role,
		broker.RoleName:    broker.Role,
		toxiproxy.RoleName: toxiproxy.Role,
		sandbox.RoleName:   sandbox.Role,
	})
	reexec.Run(all)
}
