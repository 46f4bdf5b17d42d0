package cli

import (
	"github.com/spf13/cobra"

	"hoplab.example/harness/server/keeper"
)

func (a *app) killCommand() *cobra.Command {
	return a.disturbCommand(keeper.Kill, "end a component as kill -9 does",
		"kill ends components at once: they can't save or log anything. What they had on\ntheir disks stays, and 'lab restart' starts them with it.",
		"killed")
}
