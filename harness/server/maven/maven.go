package maven

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/tool"
)

// copyGoal copies a pom's dependencies into a folder. The plugin's version is
// pinned as the components' are.
const copyGoal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"

// attempts is how often mvn is asked: it resumes where a broken connection
// left it.
const attempts = 2

// resolve has mvn copy what pom names into dir.
func resolve(ctx context.Context, dir string, pom []byte, total int64, report func(Progress)) error {
	mvn, err := tool.Maven.Find()
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "pom.xml")
	if err := os.WriteFile(file, pom, 0o644); err != nil {
		return err
	}
	defer os.Remove(file)
	for attempt := 1; ; attempt++ {
		err := runMaven(ctx, mvn, file, dir, total, report)
		if err == nil || ctx.Err() != nil || attempt == attempts {
			return err
		}
	}
}

func runMaven(ctx context.Context, mvn, pom, dir string, total int64, report func(Progress)) error {
	cmd := exec.CommandContext(ctx, mvn, "--batch-mode", "--update-snapshots", "-Dstyle.color=never", "-f", pom,
		copyGoal, "-DincludeScope=runtime", "-DoutputDirectory="+dir)
	proc.Lead(cmd) // mvn is a script: its JVM is reached through their group
	cmd.Cancel = func() error { return proc.Terminate(cmd.Process.Pid) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	failures := watchMaven(out, total, report)
	if err := cmd.Wait(); err != nil {
		return mavenError(ctx, err, failures)
	}
	return nil
}

var downloaded = regexp.MustCompile(`Downloaded from .*\.(?:jar|zip) \(([0-9.]+) ([kMG]?)B at`)

// watchMaven reads mvn's output to its end, reports what it downloads, and
// returns its error lines.
func watchMaven(out io.Reader, total int64, report func(Progress)) (failures []string) {
	report(Progress{Total: total})
	var done int64
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := downloaded.FindStringSubmatch(lines.Text()); m != nil {
			done += size(m[1], m[2])
			report(Progress{Done: done, Total: max(total, done)})
		}
		if text, ok := strings.CutPrefix(lines.Text(), "[ERROR] "); ok {
			failures = append(failures, text)
		}
	}
	io.Copy(io.Discard, out) // after an over-long line: mvn must not block
	return failures
}

func size(number, unit string) int64 {
	n, _ := strconv.ParseFloat(number, 64) // the pattern admits numbers only, or 0
	factor := map[string]float64{"": 1, "k": 1e3, "M": 1e6, "G": 1e9}
	return int64(n * factor[unit])
}

func mavenError(ctx context.Context, err error, failures []string) error {
	if ctx.Err() != nil {
		return fmt.Errorf("mvn was stopped: %w", context.Cause(ctx))
	}
	if len(failures) == 0 {
		return fmt.Errorf("mvn: %w", err)
	}
	return errors.New("mvn: " + failures[0])
}
