package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hoplab.example/harness/exercise/fence"
	"hoplab.example/harness/exercise/fence/relay"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/rows/wisdm"
)

func init() {
	register(lab.Kind{Name: "script", Doc: "the lab's first file, a shell script, ends with exit code 0; it publishes the rows of $INPUT to $TOPIC"}, checkScript)
	register(lab.Kind{Name: "mqtt", Needs: []string{"script"}, Doc: "the script published each row once, with its values, and in order"}, checkMQTT)
	register(lab.Kind{Name: "qos", Needs: []string{"script"}, Doc: "the script published every message with QoS 1 or 2"}, checkQoS)
}

// The folders beside the script's files: for the lab command, which PATH ends with,
// and for the rows.
const tools, input = ".tools", "input"

// checkScript listens to the student's topic and runs the student's script.
func checkScript(ctx context.Context, a *attempt, _ lab.Check) verdict {
	dir, err := a.scriptFolder()
	var fault *fence.Fault
	switch {
	case errors.As(err, &fault):
		return failed(err)
	case err != nil:
		return broken(err)
	}
	if a.heard, err = a.ours.Subscribe(ctx); err != nil {
		return broken(err)
	}
	a.undo = append(a.undo, a.heard.Close)
	guard, err := relay.Start(ctx, a.ours.MQTT(), a.ours.Names.Source)
	if err != nil {
		return broken(err)
	}
	defer guard.Close()
	result, err := a.script(ctx, dir, guard.Addr())
	if err != nil {
		return broken(err)
	}
	switch refused := guard.Refused(); {
	case refused != nil:
		return failed(refused)
	case result.Limit != "":
		return failed(fmt.Errorf("the script used up its %s and was ended; it said:\n%s", result.Limit, result.Output))
	case result.Exit != 0:
		return failed(fmt.Errorf("the script ended with exit code %d; it said:\n%s", result.Exit, result.Output))
	}
	return passed()
}

// scriptFolder makes a copy of the student's files with the rows beside them, and
// takes these for what the hop must hold.
func (a *attempt) scriptFolder() (dir string, err error) {
	own, err := os.MkdirTemp(a.Scratch, "script-")
	if err != nil {
		return "", err
	}
	a.undo = append(a.undo, func() { os.RemoveAll(own) })
	dir = filepath.Join(own, "files")
	// What the student has under our folders' names isn't used: it could be rows that
	// aren't the check's, or another lab command.
	if err := fence.Copy(dir, a.dir, fence.FolderDefaults, input, tools); err != nil {
		return "", err
	}
	if err := unixLines(filepath.Join(dir, a.lab.Files[0])); err != nil {
		return "", err
	}
	source, err := a.input.Open()
	if err != nil {
		return "", err
	}
	rows := filepath.Join(dir, input)
	if _, err := wisdm.WriteDataset(rows, source); err != nil {
		return "", err
	}
	if a.input, err = wisdm.Open(rows, wisdm.Options{}); err != nil {
		return "", err
	}
	if a.oracle, err = wisdm.ReadOracle(a.input, wisdm.DefaultBase, 0); err != nil {
		return "", err
	}
	if err := os.Mkdir(filepath.Join(dir, tools), 0o755); err != nil {
		return "", err
	}
	return dir, os.Symlink(a.Lab, filepath.Join(dir, tools, "lab"))
}

// unixLines makes a script executable, and removes what editors on Windows add: a
// byte order mark, and carriage returns, which a shell takes for a part of a word.
func unixLines(path string) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // the shell says so
	}
	if err != nil {
		return err
	}
	text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\ufeff")), []byte("\r\n"), []byte("\n"))
	return errors.Join(os.WriteFile(path, text, 0o755), os.Chmod(path, 0o755))
}

// start is the command that starts a script of a folder: the script itself if its
// first line names a program, otherwise sh.
func start(dir, name string) string {
	if text, _ := os.ReadFile(filepath.Join(dir, name)); bytes.HasPrefix(text, []byte("#!")) {
		return "./" + name
	}
	return "sh ./" + name
}

// script runs the lab's only file where it can reach nothing but the broker, at an
// address where it has its own topic only.
func (a *attempt) script(ctx context.Context, dir, broker string) (sandbox.Result, error) {
	o := a.scriptOptions(dir, broker)
	result, err := sandbox.Run(ctx, o)
	var unavailable *sandbox.UnavailableError
	if a.Bare && errors.As(err, &unavailable) {
		return runBare(ctx, o)
	}
	return result, err
}

func (a *attempt) scriptOptions(dir, broker string) sandbox.Options {
	return sandbox.Options{
		Script: fmt.Sprintf(`PATH="$PATH:$HOME/%s" exec %s`, tools, start(dir, a.lab.Files[0])),
		Dir:    dir, Reach: []string{broker}, Show: []string{a.Lab},
		Env: []string{"MQTT=" + broker, "TOPIC=" + a.ours.Names.Source, "INPUT=" + input},
	}
}

// checkMQTT compares what was heard with the oracle.
func checkMQTT(ctx context.Context, a *attempt, _ lab.Check) verdict {
	if err := await(ctx, a.heard.Count, a.oracle.Count()); err != nil {
		return broken(err)
	}
	return judged(a.heard.Check(ctx, a.oracle))
}

// checkQoS asks that no message came with QoS 0. The subscription has QoS 1, so
// that a message comes with the less of that and its publisher's.
func checkQoS(_ context.Context, a *attempt, _ lab.Check) verdict {
	if n := a.heard.Unacknowledged(); n > 0 {
		return failed(fmt.Errorf("%d messages came with QoS 0: nobody would notice if one were lost", n))
	}
	return passed()
}
