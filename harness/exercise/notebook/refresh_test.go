package notebook

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"hoplab.example/harness/verify/hop"
)

// refreshed returns the page after its only cell has printed actual.
func refreshed(t *testing.T, text, actual string) string {
	t.Helper()
	p := mustParse(t, text)
	c := p.Cells[0]
	c.Params = matchParams
	report := Report{Results: []Result{{Cell: c, Outcome: hop.Failed, Output: actual, Showable: true}}}
	return string(p.Refresh(report))
}

func TestRefresh(t *testing.T) {
	for _, test := range []struct{ shown, actual, want string }{
		{"n [N]\nold\n", "n 5\nnew\n", "n [N]\nnew\n"},
		{"a\n...\nz\n", "a\nb\ny\n", "a\n...\ny\n"},
		{"a\n...\nz\n", "a\nb\nc\nz\nmore", "a\n...\nz\nmore\n"},
		{"gone\nat ${es}\n", "at 127.0.0.1:9200\n", "at ${es}\n"},
		{"", "a\n", "a\n"},
		{"a\n", "", ""},
		{"a\nb\n", "new\na\nb\n", "new\na\nb\n"},
		{"a  \n\n", "a\nb\n", "a\nb\n"},
	} {
		before := "# T\n\n```sh id=a\nx\n```\n\n```text output\n"
		after := "```\n\nEnd, without a newline"
		if got := refreshed(t, before+test.shown+after, test.actual); got != before+test.want+after {
			t.Errorf("%q with %q\ngot  %q\nwant %q", test.shown, test.actual, got, before+test.want+after)
		}
	}
}

func TestRefreshOfATruePageChangesNothing(t *testing.T) {
	for _, shown := range []string{"n 5\n", "n [N]  \n\n\n", "...\n", "n [..]\n...\n", "[..] [N]\t\n"} {
		text := "```sh\nx\n```\n```output\n" + shown + "```"
		for _, page := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
			if got := refreshed(t, page, "n 5\n"); got != page {
				t.Errorf("got %q, want %q", got, page)
			}
		}
	}
}

func TestRefreshKeepsLineEnds(t *testing.T) {
	got := refreshed(t, "```sh\r\nx\r\n```\r\n```output\r\na\r\n```\r\nEnd\r\n", "b\nc\n")
	if want := "```sh\r\nx\r\n```\r\n```output\r\nb\r\nc\r\n```\r\nEnd\r\n"; got != want {
		t.Errorf("got %q", got)
	}
}

// TestRefreshOutOfFences: an output can't end its block.
func TestRefreshOutOfFences(t *testing.T) {
	got := refreshed(t, "```sh\nx\n```\n```text output\na\n```\nEnd\n", "````\nb\n")
	if want := "```sh\nx\n```\n`````text output\n````\nb\n`````\nEnd\n"; got != want {
		t.Errorf("got %q", got)
	}
	p := mustParse(t, got)
	if p.Cells[0].Output.Text != "````\nb\n" {
		t.Errorf("got %+v", p.Cells[0].Output)
	}
}

func TestRefreshLeavesWhatIsNoOutput(t *testing.T) {
	text := page(sh("", "fail why"), output("old"), sh("", "print 1"), output("old"))
	p := mustParse(t, text)
	report, err := Run(t.Context(), p, &fake{}, Options{})
	if err != nil || string(p.Refresh(report)) != text {
		t.Errorf("got %q, %v", p.Refresh(report), err)
	}
}

var solution = fstest.MapFS{
	"a.sql": {Data: []byte("SELECT 1;\r\nSELECT 2;")}, "b/c.json": {Data: []byte("{}\n")}, "fence": {Data: []byte("```\n```sh\n")},
}

func TestFiles(t *testing.T) {
	right := page("'''sql file=a.sql", "SELECT 1;", "SELECT 2;", "'''", "", "'''json norun file=b/c.json", "{}", "'''")
	if err := mustParse(t, right).CheckFiles(solution); err != nil {
		t.Error(err)
	}
	wrong := mustParse(t, page("'''sql file=a.sql", "SELECT 1;", "SELECT 3;", "", "'''", "", "'''json norun file=b/c.json", "'''"))
	want := "README.md:3:8: from here on the block differs from line 2 of the solution's file a.sql: refresh the page\nREADME.md:8:1: from here on"
	if err := wrong.CheckFiles(solution); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if got, err := wrong.RefreshFiles(solution); err != nil || string(got) != right {
		t.Errorf("got %q, %v", got, err)
	}
	absent := mustParse(t, page("'''sql file=nope.sql", "'''"))
	_, err := absent.RefreshFiles(solution)
	for _, err := range []error{err, absent.CheckFiles(solution)} {
		if err == nil || !strings.HasPrefix(err.Error(), "README.md:1: file=nope.sql: open nope.sql") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := mustParse(t, page("'''sh file=fence", "'''")).RefreshFiles(solution); err == nil || !strings.Contains(err.Error(), "README.md:1: with its files") {
		t.Errorf("a file that ends its block: %v", err)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "README.md"), filepath.Join(dir, "link.md")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if err := mustParse(t, "old").Write(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	info, _ := os.Lstat(link)
	mode, _ := os.Stat(path)
	if string(text) != "new" || info.Mode()&os.ModeSymlink == 0 || mode.Mode().Perm() != 0o600 {
		t.Errorf("got %q, link %v, file %v", text, info.Mode(), mode.Mode())
	}
	if err := mustParse(t, "old").Write(path, []byte("newer")); err == nil || !strings.Contains(err.Error(), "has changed since it was read") {
		t.Errorf("it overwrote another's change: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".*.partial")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
