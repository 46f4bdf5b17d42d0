package cli

import "testing"

// TestRunFlag: commands agree on which run they use.
func TestRunFlag(t *testing.T) {
	ownRuns(t)
	runLab(t, "up", "--only", "mochi", "--name", "one").want(t, exitOK)
	t.Run("one is up", func(t *testing.T) {
		for _, command := range [][]string{{"run"}, {"work", "1", "--work", t.TempDir()}, {"grade", classOf(t, someClass)}, {"notebook", "1"}} {
			runLab(t, append(command, "--stack", "seed")...).want(t, exitUsage, `the run "one" is up with the stack classic, not seed`)
			runLab(t, append(command, "--run", "two")...).want(t, exitError, `no run called "two" is up`, "next: ")
			runLab(t, append(command, "--run", "one", "--attach", "x")...).want(t, exitUsage, "give one of the two")
		}
		runLab(t, "run", "--runtime", "containers").want(t, exitUsage, `the run "one" is up in the local runtime, not containers`)
		runLab(t, "run", "--port", "mochi.mqtt=1").want(t, exitUsage, `the run "one" is up, without --port mochi.mqtt=1`)
		runLab(t, "preview").want(t, exitUsage, "run one has no \"elasticsearch\"")
		runLab(t, "up", "--only", "mochi", "--name", "one", "--secure=false").want(t, exitOK, `using the run "one"`)
	})
	runLab(t, "up", "--only", "mochi", "--name", "two").want(t, exitOK)
	t.Run("two are up", func(t *testing.T) {
		for _, command := range [][]string{
			{"run"}, {"work", "1", "--work", t.TempDir()}, {"grade", classOf(t, someClass)}, {"notebook", "1"},
			{"watch", "--once"}, {"preview"}, {"logs", "mochi"}, {"kill", "mochi"}, {"open", "flink"}, {"exec", "mochi", "--", "true"},
			{"publish"}, {"listen"}, {"bridge"}, {"export"},
		} {
			runLab(t, command...).want(t, exitUsage, "2 runs are up, one and two: choose one with --run")
		}
		runLab(t, "run", "--run", "two", "--stack", "seed").want(t, exitUsage, `the run "two" is up with the stack classic`)
		runLab(t, "preview", "--run", "two").want(t, exitUsage, "run two has no \"elasticsearch\"")
		runLab(t, "logs", "mochi", "--run", "two").want(t, exitOK)
	})
}
