// Package notebooks runs the page of each lab that has one: on real servers, its cells
// print what the page shows. go test ./scenarios/notebooks -update replaces the outputs
// that differ.
package notebooks

import (
	"flag"
	"io/fs"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

var update = flag.Bool("update", false, "write the pages' outputs that differ anew")

func TestMain(m *testing.M) { scenario.Main(m) }

const root = "../../labs"

// lab builds the lab command, which sh cells call.
func buildLab(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "lab")
	if said, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "hoplab.example/harness/cmd/lab").CombinedOutput(); err != nil {
		t.Fatalf("build lab: %v\n%s", err, said)
	}
	return path
}

// pages returns the labs that have a page.
func pages(t *testing.T) []lab.Lab {
	t.Helper()
	set, err := lab.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	all, err := set.All()
	if err != nil {
		t.Fatal(err)
	}
	var with []lab.Lab
	for _, l := range all {
		if _, err := fs.Stat(l.Folder.FS, course.Page); err == nil {
			with = append(with, l)
		}
	}
	if len(with) == 0 {
		t.Fatalf("no lab of %s has a page: this looks in the wrong place", root)
	}
	return with
}

func TestPages(t *testing.T) {
	program := sync.OnceValue(func() string { return buildLab(t) })
	for _, l := range pages(t) {
		t.Run(l.ID, func(t *testing.T) {
			dir := filepath.Join(root, l.ID)
			if page, err := course.CheckPage(l.Folder); err == nil && course.NeedsPython(page) {
				scenario.Python(t)
			}
			run := func(page *notebook.Page) (notebook.Report, error) {
				p := scenario.Need(t, course.Components(l, page)...).Pipeline()
				runner := course.Runner{Pipeline: p, Lab: program()}
				if *update {
					runner.Patience = course.Settle
				}
				return runner.Run(t.Context(), l, page, notebook.Options{KeepGoing: *update})
			}
			if *update {
				if _, _, err := course.RefreshPage(l.Folder, dir, run); err != nil {
					t.Fatal(err)
				}
			}
			page, err := course.CheckPage(l.Folder)
			if err != nil {
				t.Fatal(err)
			}
			report, err := run(page)
			if err != nil || report.Outcome != hop.Passed {
				t.Errorf("%v\n%s", err, report.Print())
			}
		})
	}
}
