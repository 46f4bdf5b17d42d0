package notebooks

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/hop"
)

// TestInsertThatCannotWrite: a page's INSERT whose job can't write its first document fails,
// with the reason, though Flink has taken the statement.
func TestInsertThatCannotWrite(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "04-export"), os.DirFS(filepath.Join(root, "04-export"))); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "04-export", course.Page)
	text, err := os.ReadFile(file)
	if err == nil {
		err = os.WriteFile(file, bytes.Replace(text, []byte("'ISO-8601'"), []byte("'SQL'"), 1), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	set, err := lab.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := set.Read("04-export")
	if err != nil {
		t.Fatal(err)
	}
	page, err := course.CheckPage(l.Folder)
	if err != nil {
		t.Fatal(err)
	}
	p := scenario.Need(t, course.Components(l, page)...).Pipeline()
	scenario.NeedSink(t, p)
	report, err := course.Runner{Pipeline: p}.Run(t.Context(), l, page, notebook.Options{KeepGoing: true})
	if err != nil || report.Outcome != hop.Failed || !strings.Contains(report.Print(), "failed to parse field [seen]") {
		t.Errorf("%v\n%s", err, report.Print())
	}
}
