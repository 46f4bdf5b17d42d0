package grade

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/exercise/fence/relay"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

func init() {
	register(lab.Kind{Name: "script", Options: []lab.Option{scriptFile},
		Doc: "a script ends with exit code 0; it publishes the rows, in sh those of the folder $INPUT, in Python the lines of $ROWS, to $TOPIC"}, checkScript)
	register(lab.Kind{Name: "mqtt", Needs: []string{"script"}, Doc: "the script published each row once, with its values, and in order"}, checkMQTT)
	register(lab.Kind{Name: "qos", Needs: []string{"script"}, Doc: "the script published every message with QoS 1 or 2"}, checkQoS)
}

// scriptFile is the option of kinds that run a script of the student's.
var scriptFile = lab.Option{Name: "file", Type: lab.FileOption, Doc: "the script; without it the lab's first file"}

// The folders beside the script's files: for the lab command, which PATH ends with,
// and for the rows, which are messages in a file for Python.
const tools, input, lines = ".tools", "input", "rows.jsonl"

// checkScript listens to the student's topic and runs the student's script.
func checkScript(ctx context.Context, a *attempt, c lab.Check) verdict {
	if v := a.runnable(); v.outcome != hop.Passed {
		return v
	}
	file := a.fileOf(c)
	dir, err := a.scriptFolder(file)
	if err != nil {
		return broken(err)
	}
	if a.heard, err = a.ours.Subscribe(ctx); err != nil {
		return broken(err)
	}
	a.undo = append(a.undo, a.heard.Close)
	guard, err := relay.Start(ctx, relay.Broker{Addr: a.ours.MQTT(), Login: a.ours.Access[a.ours.Broker]}, a.ours.Names.Source, flood(a.oracle.Count()))
	if err != nil {
		return broken(err)
	}
	defer guard.Close()
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { // the script would go on, and try to connect again
		select {
		case <-guard.Refusing():
			cancel()
		case <-running.Done():
		}
	}()
	o, err := a.scriptOptions(ctx, dir, file, guard.Addr(), "MQTT="+guard.Addr(), "TOPIC="+a.ours.Names.Source, "INPUT="+input, "ROWS="+lines)
	if err != nil {
		return broken(err)
	}
	result, err := a.script(running, o)
	switch refused := guard.Refused(); {
	case refused != nil:
		return failed(refused)
	case err != nil:
		return broken(err)
	case result.Limit != "":
		return failed(fmt.Errorf("the script used up its %s and was ended; it %s", result.Limit, said(result.Output)))
	case result.Exit == notFound && noProgram(dir, file) != "":
		return failed(fmt.Errorf("%s/%s:1: the script is to be run by %s, which isn't there", a.lab.ID, file, noProgram(dir, file)))
	case result.Exit != 0:
		return failed(fmt.Errorf("the script ended with exit code %d; it %s%s", result.Exit, said(result.Output), a.leftOut()))
	}
	a.said = result.Output
	return passed()
}

// runnable fails without the files, which the check of files may not have looked for.
func (a *attempt) runnable() verdict {
	if _, err := exec.LookPath("sh"); err != nil {
		return broken(errNoShell)
	}
	for _, name := range a.lab.Files {
		if _, _, err := a.raw(name); err != nil {
			return failed(err)
		}
	}
	return passed()
}

// errNoShell: so it is on Windows.
var errNoShell = errors.New("there is no sh here to run the script with: run hoplab in WSL 2, or in the editor's container (.devcontainer)")

// flood is more than any answer publishes, however wrong: each row some times, and as
// many bytes as that takes.
func flood(rows int64) relay.Limits {
	const times, bytes = 10, 1 << 10
	return relay.Limits{Messages: times*rows + 1000, Bytes: bytes * (times*rows + 1000)}
}

// scriptFolder copies the lab's files, and puts the rows beside them, as the file wants
// them, which become what the hop must hold.
func (a *attempt) scriptFolder(file string) (dir string, err error) {
	if dir, err = a.copied(); err != nil {
		return "", err
	}
	if isPython(file) {
		return dir, writeLines(filepath.Join(dir, lines), a.oracle.Rows())
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

// copied makes a folder with the lab's files. What else lies beside a student's files
// isn't copied: it is no part of the answer, and could be anything.
func (a *attempt) copied() (dir string, err error) {
	own, err := os.MkdirTemp(a.Scratch, "script-")
	if err != nil {
		return "", err
	}
	a.undo = append(a.undo, func() { os.RemoveAll(own) })
	dir = filepath.Join(own, "files")
	a.scripts = dir
	if err := os.Mkdir(dir, 0o755); err != nil {
		return "", err
	}
	for _, name := range a.lab.Files {
		_, text, err := a.raw(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), unixLines(text), 0o755)
		}
		if err != nil {
			return "", err
		}
	}
	return dir, nil
}

// unixLines removes the carriage returns that editors on Windows add, which a shell
// takes for a part of a word.
func unixLines(text []byte) []byte { return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")) }

// start is the command that starts a script of a folder: the script itself if its
// first line names a program, otherwise sh. A program that is elsewhere on the student's
// machine, such as /opt/homebrew/bin/bash, is looked for by its name.
func start(dir, name string) string {
	if text, _ := os.ReadFile(filepath.Join(dir, name)); !bytes.HasPrefix(text, []byte("#!")) {
		return "sh ./" + name
	}
	if base := filepath.Base(noProgram(dir, name)); plainWord.MatchString(base) {
		if _, err := exec.LookPath(base); err == nil {
			return base + " ./" + name
		}
	}
	return "./" + name
}

var plainWord = regexp.MustCompile(`^[a-z][a-z0-9.]*$`)

// notFound is a shell's exit code for a program that isn't there.
const notFound = 127

// noProgram returns the program that a script's first line names, if it isn't there.
func noProgram(dir, name string) string {
	text, _ := os.ReadFile(filepath.Join(dir, name)) // the script has run
	line, _, _ := bytes.Cut(text, []byte("\n"))
	words := strings.Fields(strings.TrimPrefix(string(line), "#!"))
	if !bytes.HasPrefix(line, []byte("#!")) || len(words) == 0 {
		return ""
	}
	if _, err := os.Stat(words[0]); err == nil {
		return ""
	}
	return words[0]
}

// leftOut says that a script ran without what lies beside it, if there is anything.
func (a *attempt) leftOut() string {
	entries, _ := os.ReadDir(a.dir) // raw has read it
	for _, e := range entries {
		if !slices.Contains(a.lab.Files, e.Name()) && e.Name()[0] != '.' {
			return fmt.Sprintf("\n(of the folder, only %s was there)", strings.Join(a.lab.Files, ", "))
		}
	}
	return ""
}

// script runs a script where it can reach nothing but the servers that it is given, at
// addresses where it has its own names only.
func (a *attempt) script(ctx context.Context, o sandbox.Options) (sandbox.Result, error) {
	result, err := sandbox.Run(ctx, o)
	var unavailable *sandbox.UnavailableError
	if a.Bare && errors.As(err, &unavailable) {
		return runBare(ctx, o)
	}
	return result, err
}

func (a *attempt) scriptOptions(ctx context.Context, dir, file, reach string, env ...string) (sandbox.Options, error) {
	o := sandbox.Options{Dir: dir, Reach: []string{reach}, Limits: a.Script, Env: env}
	if isPython(file) {
		err := a.python(ctx, &o, file)
		return o, err
	}
	o.Script = fmt.Sprintf(`PATH="$PATH:$HOME/%s" exec %s`, tools, start(dir, file))
	o.Show = []string{a.Lab}
	return o, nil
}

// late is how long a message may be on its way from the broker once the script has
// ended, or after the one before it.
const late = 300 * time.Millisecond

// checkMQTT compares what was heard with the oracle. Nothing breaks the connection
// here, so a row that came again was published again.
func checkMQTT(ctx context.Context, a *attempt, _ lab.Check) verdict {
	if err := await(ctx, a.heard.Count, a.oracle.Count()); err != nil {
		return broken(err)
	}
	n, err := probe.Await(ctx, a.heard.Count, math.MaxInt64, late) // until no more comes
	if err != nil {
		return broken(err)
	}
	v := once(a.heard.Check(ctx, a.oracle), n)
	if v.outcome == hop.Failed && n == 0 && len(a.said) > 0 { // the cause is there, whatever the exit code was
		v.reason = fmt.Sprintf("the script published nothing; it %s", said(a.said))
	}
	return v
}

// said is what a script has printed, as a part of a sentence.
func said(output []byte) string {
	if len(output) == 0 {
		return "said nothing"
	}
	return "said:\n" + string(output)
}

// once is the verdict of a hop where n rows were read, and where each row must be
// once. A hop's own check lets rows come again, as MQTT and Kafka promise a row at
// least once.
func once(r hop.Result, n int64) verdict {
	v := judged(r)
	if again := n - r.Expected; v.outcome == hop.Passed && again > 0 {
		v.outcome, v.actual = hop.Failed, fmt.Sprintf("%d rows", n)
		v.reason = fmt.Sprintf("%d messages are rows that had been published before; want each row once", again)
	}
	return v
}

// checkQoS asks that no message came with QoS 0. The subscription has QoS 1, so
// that a message comes with the less of that and its publisher's.
func checkQoS(_ context.Context, a *attempt, _ lab.Check) verdict {
	if n := a.heard.Unacknowledged(); n > 0 {
		return failed(fmt.Errorf("%d messages came with QoS 0: nobody would notice if one were lost", n))
	}
	return passed()
}
