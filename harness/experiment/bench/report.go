package bench

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	goruntime "runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/util/atomicfile"
)

// SchemaID names the JSON Schema of a report. Its number goes up when a reader
// of the last one could misread the next.
const SchemaID = "urn:hoplab:bench-report:1"

const schemaPrefix = "urn:hoplab:bench-report:"

//go:embed report.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of a report.
func Schema() []byte { return bytes.Clone(schema) }

// Report is what `lab dev bench` writes.
type Report struct {
	Schema   string  `json:"$schema"`
	Machine  Machine `json:"machine"`
	Revision string  `json:"revision,omitempty"` // of hoplab's sources, where the build records it
	Rows     int64   `json:"rows"`               // for each side of a run
	Runs     int     `json:"runs"`
	// Short: the figures only show that the parts work. Goals of speed aren't
	// asked for.
	Short   bool     `json:"short"`
	Figures []Figure `json:"figures"`
}

// Machine is where a report was made.
type Machine struct {
	Cores int    `json:"cores"`
	MiB   int64  `json:"memory_mib,omitempty"`
	Arch  string `json:"arch"`          // such as linux/amd64
	CPU   string `json:"cpu,omitempty"` // as the system names it
}

// NewReport describes this machine, and what is going to be measured.
func NewReport(o Options) Report {
	return Report{
		Schema: SchemaID, Revision: revision(), Rows: o.Rows, Runs: o.Runs, Short: o.Short, Figures: []Figure{},
		Machine: Machine{
			Cores: goruntime.NumCPU(), MiB: memoryMiB(), Arch: goruntime.GOOS + "/" + goruntime.GOARCH,
			CPU: strings.TrimSpace(firstOf("/proc/cpuinfo", "model name")),
		},
	}
}

// memoryMiB is 0 where the system has no /proc/meminfo.
func memoryMiB() int64 {
	kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(firstOf("/proc/meminfo", "MemTotal")), " kB"), 10, 64)
	return kib >> 10
}

// firstOf returns what follows a key and a colon in a file of the kernel's, or
// nothing where there is none.
func firstOf(path, key string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), ":"); found && strings.TrimSpace(name) == key {
			return value
		}
	}
	return ""
}

func revision() string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return ""
	}
	revision, changed := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " and changes"
		}
	}
	if revision == "" {
		return ""
	}
	return revision + changed
}

// Failures says of each figure that has failed why: what is wrong, or, but in
// the short form, which goal it misses.
func (r Report) Failures() (failed []string) {
	for _, f := range r.Figures {
		switch {
		case f.Wrong != "":
			failed = append(failed, fmt.Sprintf("%s: %s", f.title(), f.Wrong))
		case !f.Met && !r.Short:
			failed = append(failed, fmt.Sprintf("%s misses its goal: %s, and it must be %s", f.title(), f.reached(), f.goal()))
		}
	}
	return failed
}

// Write writes the report to a file, as JSON.
func (r Report) Write(path string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = atomicfile.Write(path, append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write the figures to %s: %w", path, err)
	}
	return nil
}

// Read reads a report that Write has written. What isn't one, is one of another
// version, or doesn't fit together is an error that says so.
func Read(path string) (Report, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Report{}, err
	}
	report, err := parseReport(text)
	if err != nil {
		return Report{}, fmt.Errorf("%s: %w", path, err)
	}
	return report, nil
}

var errNoReport = errors.New("it isn't a report of 'lab dev bench --report'")

func parseReport(text []byte) (Report, error) {
	var head struct {
		Schema string `json:"$schema"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return Report{}, fmt.Errorf("%w: %w", errNoReport, err)
	}
	switch {
	case !strings.HasPrefix(head.Schema, schemaPrefix):
		return Report{}, fmt.Errorf("%w: its $schema is %q, not %q", errNoReport, head.Schema, SchemaID)
	case head.Schema != SchemaID:
		return Report{}, fmt.Errorf("it is a report of another version, %q, and this lab reads %q: measure again, or compare with the lab that wrote it", head.Schema, SchemaID)
	}
	var report Report
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&report); err != nil {
		return Report{}, fmt.Errorf("%w: %w", errNoReport, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Report{}, fmt.Errorf("%w: something follows its end", errNoReport)
	}
	return report, report.check()
}

// check reports figures that don't fit together.
func (r Report) check() error {
	seen := map[string]bool{}
	for _, f := range r.Figures {
		for _, s := range []*Series{&f.Ours, f.Theirs, f.Ratio} {
			if s == nil {
				continue
			}
			if err := s.check(); err != nil {
				return fmt.Errorf("the figure %q: %w", f.title(), err)
			}
		}
		switch {
		case f.Better != Higher && f.Better != Lower:
			return fmt.Errorf("the figure %q: better is %q, neither %q nor %q", f.title(), f.Better, Higher, Lower)
		case seen[f.key()]:
			return fmt.Errorf("the figure %q of the part %q is there twice", f.title(), f.Part)
		}
		seen[f.key()] = true
	}
	return nil
}

// Merge puts the figures of reports together. Of a figure that several have, the
// last one counts, in place of the first. It warns where the reports were
// made under other conditions than the first one, whose conditions it keeps.
func Merge(reports []Report) (all Report, warned []string) {
	all = reports[0]
	all.Figures = slices.Clone(all.Figures)
	for _, r := range reports[1:] {
		warned = append(warned, warnings(reports[0], r)...)
		all.Short = all.Short || r.Short
		for _, f := range r.Figures {
			same := slices.IndexFunc(all.Figures, func(of Figure) bool { return of.key() == f.key() })
			if same < 0 {
				all.Figures = append(all.Figures, f)
			} else {
				all.Figures[same] = f
			}
		}
	}
	return all, warned
}
