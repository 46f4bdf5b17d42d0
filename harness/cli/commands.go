package cli

import "github.com/spf13/cobra"

// group is a heading of `lab --help` and the commands below it.
type group struct {
	title    string
	commands []*cobra.Command
}

// thisMachine is the group that cobra's own commands join: help and completion.
const thisMachine = "This machine:"

// Help lists the commands of a group as they are written here, not by the alphabet.
func init() { cobra.EnableCommandSorting = false }

func (a *app) groups() []group {
	return []group{
		{"Run the pipeline:", []*cobra.Command{a.runCommand(), a.watchCommand(), a.previewCommand()}},
		{"Labs:", []*cobra.Command{
			a.workCommand(), a.hintCommand(), a.progressCommand(), a.resetCommand(), a.solutionCommand(), a.notebookCommand(),
			a.cellCommand(), a.sqlCommand(), a.shellCommand(), a.panelCommand(),
		}},
		{"Teachers:", []*cobra.Command{a.gradeCommand()}},
		{"A stack that is up:", []*cobra.Command{
			a.upCommand(), a.statusCommand(), a.logsCommand(), a.openCommand(), a.execCommand(), a.downCommand(),
			a.killCommand(), a.pauseCommand(), a.resumeCommand(), a.restartCommand(),
		}},
		{"Parts of the pipeline:", []*cobra.Command{a.publishCommand(), a.listenCommand(), a.bridgeCommand(), a.exportCommand(), a.pythonCommand()}},
		{thisMachine, []*cobra.Command{a.doctorCommand(), a.fetchCommand(), a.imagesCommand(), a.stacksCommand(), a.composeCommand()}},
		{"Authors and developers:", []*cobra.Command{a.devCommand()}},
	}
}
