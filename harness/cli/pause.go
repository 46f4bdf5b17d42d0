package cli

import (
	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
)

func (a *app) pauseCommand() *cobra.Command {
	return a.disturbCommand(keeper.Pause, "stop a component from running, until it is resumed",
		"pause stops components from running, as SIGSTOP does, until 'lab resume'. Their\nconnections stay open, but get no answer.",
		"paused")
}
