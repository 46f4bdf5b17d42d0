package course

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
)

func TestRefresh(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(dir+"/"+name, []byte(strings.ReplaceAll(text, "'''", "```")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const page = "# %s\n\n'''json file=a.json\n%s\n'''\n\n'''json\n1\n'''\n\n'''text output\n%s\n'''\n"
	if err := os.Mkdir(dir+"/solution", 0o755); err != nil {
		t.Fatal(err)
	}
	write("solution/a.json", "{\"new\": 1}\n")
	write("README.md", fmt.Sprintf(page, "Lab", `{"old": 1}`, "before"))
	write("README.eu.md", fmt.Sprintf(page, "Praktika", `{"old": 1}`, "before"))
	folder := lab.Folder{ID: "x", Name: "labs/x", FS: os.DirFS(dir)}
	if _, err := CheckPage(folder); err == nil || !strings.Contains(err.Error(), "a.json") {
		t.Errorf("a page with an old file: %v", err)
	}
	says := executorFunc(func(context.Context, notebook.Cell) (string, error) { return "after\n", nil })
	run := func(p *notebook.Page) (notebook.Report, error) {
		return notebook.Run(t.Context(), p, says, notebook.Options{KeepGoing: true})
	}
	for i, want := range []bool{true, false} {
		if _, changed, err := RefreshPage(folder, dir, run); err != nil || changed != want {
			t.Fatalf("refresh %d: changed %v, %v", i+1, changed, err)
		}
	}
	for name, title := range map[string]string{"README.md": "Lab", "README.eu.md": "Praktika"} {
		got, err := os.ReadFile(dir + "/" + name)
		if want := strings.ReplaceAll(fmt.Sprintf(page, title, `{"new": 1}`, "after"), "'''", "```"); err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
	}
	if _, err := CheckPage(folder); err != nil {
		t.Error(err)
	}
	write("README.eu.md", fmt.Sprintf(page, "Praktika", `{"new": 1}`, "other"))
	if _, err := CheckPage(folder); err == nil || !strings.Contains(err.Error(), "README.eu.md") {
		t.Errorf("a page of another language that differs: %v", err)
	}
}

func TestNoPage(t *testing.T) {
	if _, err := CheckPage(lab.Folder{ID: "x", Name: "labs/x", FS: fstest.MapFS{}}); err == nil {
		t.Error("a folder without a page passes")
	}
}
