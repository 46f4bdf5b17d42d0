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

	"hoplab.example/harness/util/hint"
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
		watch := func(out io.Reader) []string { return watchMaven(out, total, report) }
		err := runMaven(ctx, mvn, watch, "--update-snapshots", "-f", file, copyGoal, "-DincludeScope=runtime", "-DoutputDirectory="+dir)
		if err == nil || ctx.Err() != nil || attempt == attempts {
			return err
		}
	}
}

// runMaven runs mvn, whose output watch reads to its end; watch returns mvn's error lines.
func runMaven(ctx context.Context, mvn string, watch func(io.Reader) []string, args ...string) error {
	cmd := exec.CommandContext(ctx, mvn, append([]string{"--batch-mode", "-Dstyle.color=never"}, args...)...)
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
	failures := watch(out)
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
	said := failures[0]
	for _, text := range failures { // the last such line has the cause too
		if strings.Contains(text, "Could not ") {
			said, _, _ = strings.Cut(strings.TrimSpace(text), " -> [Help")
		}
	}
	err = errors.New("mvn: " + said)
	if strings.Contains(said, "Could not transfer") {
		err = hint.With(err, noNetwork)
	}
	return err
}

// noNetwork is what to do where Maven doesn't reach its repository. Source of the
// proxy's setting: Maven's guide "Configuring a proxy".
const noNetwork = "behind a proxy, name it in <proxies> of ~/.m2/settings.xml; without a network, " +
	"'lab fetch --all --into servers.tar' on another machine and 'lab fetch --from servers.tar' here"

// small names one small file, of the logger that most poms need. It is read without any
// plug-in of Maven.
const small = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>hoplab</groupId>
  <artifactId>reach</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencyManagement><dependencies><dependency>
    <groupId>org.slf4j</groupId><artifactId>slf4j-api</artifactId><version>1.7.36</version>
    <type>pom</type><scope>import</scope>
  </dependency></dependencies></dependencyManagement>
</project>
`

// Reach reports whether mvn reaches its repository: it fetches a small file, whatever
// Maven's own cache has. Its error has a hint.
func Reach(ctx context.Context) error {
	mvn, err := tool.Maven.Find()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hoplab-maven-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "pom.xml")
	if err := os.WriteFile(file, []byte(small), 0o644); err != nil {
		return err
	}
	quiet := func(out io.Reader) []string { return watchMaven(out, 0, func(Progress) {}) }
	return runMaven(ctx, mvn, quiet, "-Dmaven.repo.local="+filepath.Join(dir, "repository"), "-f", file, "validate")
}
