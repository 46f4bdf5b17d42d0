package cli

import (
	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
)

func (a *app) resumeCommand() *cobra.Command {
	return a.disturbCommand(keeper.Resume, "let a paused component continue",
		"resume ends what 'lab pause' began: the components go on where they stopped.",
		"running again")
}
