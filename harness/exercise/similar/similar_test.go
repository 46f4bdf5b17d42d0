package similar

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
)

// class hands in lab 3's file as each student has it.
func class(t *testing.T, files map[string]string) ([]handin.Submission, []lab.Lab) {
	t.Helper()
	l, err := lab.Ours().Read("03-flink")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range files {
		into := filepath.Join(dir, name, "03-flink")
		if err := os.MkdirAll(into, 0o755); err != nil {
			t.Fatal(err)
		}
		file := "tables.sql"
		if name == "bob" { // a copy is a copy under another name
			file = "tables (1).sql"
		}
		if err := os.WriteFile(filepath.Join(into, file), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := handin.Open(dir, []lab.Lab{l})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.Submissions, []lab.Lab{l}
}

func solution(t *testing.T) string {
	t.Helper()
	l, err := lab.Ours().Read("03-flink")
	if err != nil {
		t.Fatal(err)
	}
	_, text, err := l.Folder.Solution("tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const view = "\nCREATE VIEW walking_%s AS SELECT usid, AVG(x) AS ax, MAX(y) - MIN(y) AS spread FROM `${table}` WHERE action = 'A' AND z > 3.25 GROUP BY usid HAVING COUNT(*) > %d;\n"

// TestCopies: who copies another's own text is found, whatever the space and the case,
// and who has the right answer only isn't.
func TestCopies(t *testing.T) {
	right := solution(t)
	ada := right + fmt.Sprintf(view, "ada", 10)
	files := map[string]string{
		"ada": ada, "bob": strings.ToUpper(strings.ReplaceAll(ada, " ", "\n  ")),
		"cy": right, "dan": right, // byte for byte, and nothing of their own
		"eve": right + "\n-- I tried latest-offset first, and saw no row at all until I published again, which is how I found out.\n",
	}
	submissions, labs := class(t, files)
	r := Compare(submissions, labs)
	if len(r.Pairs) != 1 || r.Pairs[0].A != "ada" || r.Pairs[0].B != "bob" || r.Pairs[0].Share < 0.9 || r.Short["03-flink"] != 2 || r.All["03-flink"] != 5 {
		t.Errorf("%+v", r)
	}
	if !strings.Contains(r.Pairs[0].Text, "create view walking_ada as select usid , avg ( x )") {
		t.Errorf("the passage is %q", r.Pairs[0].Text)
	}
	text, err := Report(submissions, labs)
	if err != nil || !strings.Contains(string(text), "| 03-flink | `` ada ``, `` bob `` |") || !strings.Contains(string(text), "| 03-flink | 5 | 3 | 2 |") {
		t.Errorf("%v\n%s", err, text)
	}
}

// TestCommonAnswers: what a large part of a class writes is how the task is answered.
func TestCommonAnswers(t *testing.T) {
	files := map[string]string{}
	for i := range 10 {
		files[fmt.Sprintf("s%d", i)] = solution(t) + fmt.Sprintf(view, "all", 10)
	}
	submissions, labs := class(t, files)
	if r := Compare(submissions, labs); len(r.Pairs) != 0 || r.Short["03-flink"] != 10 {
		t.Errorf("%+v", r)
	}
}

// TestMarkup: a student's text stays in its cell.
func TestMarkup(t *testing.T) {
	if got := code("a`` | b\n\x1b[2J"); got != "`` a'' ¦ b ␛[2J ``" {
		t.Errorf("%q", got)
	}
}
