// Package testreport summarizes `go test -json`: each package, failures, and skipped
// tests with reasons. `go test` itself doesn't print the reasons in packages that pass.
package testreport

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"hoplab.example/harness/util/need"
)

// Report has the results of the tests.
type Report struct {
	Packages []Package // in the order in which they ended
	Passed   int       // tests, and their parts
	Failed   int
	Skips    []Skip
	// Broken has what isn't in the format: what a build or a crash has printed.
	Broken []string
}

// Package is the result of one package.
type Package struct {
	Name    string
	Outcome string // pass, fail, skip
	Elapsed time.Duration
}

// Skip is a test that was skipped, and why.
type Skip struct{ Package, Test, Why string }

// Thing returns what was missing, so that the test was skipped.
func (s Skip) Thing() (need.Thing, bool) { return need.Of(s.Why) }

// Good reports whether tests were run, and all of them passed.
func (r Report) Good() bool {
	if r.Failed > 0 || r.Passed == 0 {
		return false
	}
	for _, p := range r.Packages {
		if p.Outcome == "fail" {
			return false
		}
	}
	return true
}

// event is a line, see `go doc cmd/test2json`.
type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64 // in seconds
}

type reader struct {
	Report
	show   io.Writer
	output map[[2]string][]string // what a test that runs has printed
}

// Read reads what `go test -json` prints. It writes a line to show when a package
// ends, and what a failed test has printed.
func Read(from io.Reader, show io.Writer) (Report, error) {
	r := &reader{show: show, output: map[[2]string][]string{}}
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			r.line(line)
		}
		switch {
		case err == io.EOF:
			return r.Report, nil
		case err != nil:
			return r.Report, err
		}
	}
}

func (r *reader) line(text []byte) {
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		r.broken(string(text))
		return
	}
	key := [2]string{e.Package, e.Test}
	switch e.Action {
	case "output":
		r.output[key] = append(r.output[key], e.Output)
	case "build-output":
		r.broken(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.packageEnd(e)
		} else {
			r.testEnd(e)
		}
		delete(r.output, key)
	}
}

func (r *reader) broken(text string) {
	r.Broken = append(r.Broken, text)
	fmt.Fprint(r.show, text)
}

func (r *reader) testEnd(e event) {
	said := r.output[[2]string{e.Package, e.Test}]
	switch e.Action {
	case "pass":
		r.Passed++
	case "fail":
		r.Failed++
		fmt.Fprintf(r.show, "--- %s %s\n%s", short(e.Package), e.Test, strings.Join(said, ""))
	case "skip":
		r.Skips = append(r.Skips, Skip{short(e.Package), e.Test, why(said)})
	}
}

// why returns the reason, without the lines of `go test` around it.
func why(said []string) string {
	var lines []string
	for _, line := range said {
		if !strings.HasPrefix(strings.TrimSpace(line), "--- ") && !strings.HasPrefix(line, "=== ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	text := strings.Join(lines, " ")
	if at := strings.Index(text, "skipped because"); at >= 0 { // before it are file and line
		return text[at:]
	}
	return text
}

func (r *reader) packageEnd(e event) {
	said := strings.Join(r.output[[2]string{e.Package, ""}], "")
	if e.Action == "skip" && strings.Contains(said, "[no test files]") {
		return
	}
	p := Package{short(e.Package), e.Action, time.Duration(e.Elapsed * float64(time.Second))}
	r.Packages = append(r.Packages, p)
	fmt.Fprintf(r.show, "%-4s %7.1f s  %s\n", map[string]string{"pass": "ok", "fail": "FAIL", "skip": "-"}[p.Outcome], p.Elapsed.Seconds(), p.Name)
	if e.Action == "fail" {
		for key, lines := range r.output { // a test that ended the process has no end of its own
			if key[0] == e.Package && key[1] != "" {
				fmt.Fprintf(r.show, "--- %s %s didn't end\n%s", p.Name, key[1], strings.Join(lines, ""))
			}
		}
		fmt.Fprint(r.show, said)
	}
}

// short returns a package's name without its module's.
func short(name string) string {
	if _, rest, found := strings.Cut(name, "/"); found {
		return rest
	}
	return name
}
