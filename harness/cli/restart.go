package cli

import (
	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
)

func (a *app) restartCommand() *cobra.Command {
	return a.disturbCommand(keeper.Restart, "kill a component and start it again",
		"restart starts components again, with what is on their disks and at the same\naddresses. Those that run are killed first. It returns when they are ready.",
		"ready again")
}
