package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/verify/hop"
)

// exec1 runs the only cell of a page.
func exec1(t *testing.T, e Executor, params map[string]string, lines ...string) (string, error) {
	t.Helper()
	c, err := mustParse(t, page(lines...)).Cells[0].fill(params)
	if err != nil {
		t.Fatal(err)
	}
	return e.Run(t.Context(), c)
}

// failed returns the texts of a *Failure.
func failed(t *testing.T, err error) (shown, told string) {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a *Failure", err)
	}
	return f.Text, err.Error()
}

func TestExecutorsLackAKind(t *testing.T) {
	report, err := Run(t.Context(), mustParse(t, page(sh("", ""))), Executors{}, Options{})
	if err != nil || report.Outcome != hop.Error || !strings.Contains(report.Results[0].Detail, "README.md:1: there is no executor for sh cells") {
		t.Errorf("got %+v, %v", report, err)
	}
}

// bash is a shell without a sandbox.
func bash(ctx context.Context, script string, env []string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.Env = env
	return cmd.CombinedOutput()
}

func TestSh(t *testing.T) {
	e := ShellExecutor{Shell: bash}
	params := map[string]string{"b": "2 $x", "a": "1"}
	if got, err := exec1(t, e, params, sh("", "echo ${a} \"${b}\" >&2; echo $0")); err != nil || got != "1 2 $x\nbash\n" {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := exec1(t, e, params, sh("", "echo before; exit 3"))
	if shown, told := failed(t, err); shown != "before\nexit status 3\n" || told != "the script ends with exit status 3" {
		t.Errorf("got %q, %q", shown, told)
	}
	_, err = exec1(t, e, params, sh("", "kill -9 $$"))
	if shown, _ := failed(t, err); shown != "signal: killed\n" {
		t.Errorf("got %q", shown)
	}
	e.Shell = func(context.Context, string, []string) ([]byte, error) { return nil, errors.New("no sandbox") }
	if _, err := exec1(t, e, params, sh("", "")); err == nil || errors.As(err, new(*Failure)) || err.Error() != "run the script: no sandbox" {
		t.Errorf("got %v", err)
	}
}

func TestJSON(t *testing.T) {
	params := map[string]string{"long": "a-long-value"}
	for _, test := range []struct{ code, want string }{
		{`{"a": [1, 1e999, "${long}"]}`, ""},
		{"{\n \"${long}\": \"é\" x}", "line 2, column 17: invalid JSON: invalid character 'x' after object key:value pair"},
		{`{"a": 1,}`, "line 1, column 9: invalid JSON: invalid character '}'"},
		{`{"a": `, "line 2, column 1: invalid JSON: the text ends too early"},
		{``, "line 1, column 1: invalid JSON: the text is empty"},
		{"{}\n {}", "line 2, column 2: invalid JSON: there is text after the value"},
	} {
		lines := []string{"'''json", test.code, "'''"}
		if test.code == "" {
			lines = []string{"'''json", "'''"}
		}
		got, err := exec1(t, JSONExecutor{}, params, lines...)
		if test.want == "" {
			if err != nil || got != "" {
				t.Errorf("%s: %q, %v", test.code, got, err)
			}
			continue
		}
		shown, told := failed(t, err)
		var line, column int
		fmt.Sscanf(test.want, "line %d, column %d", &line, &column)
		if !strings.HasPrefix(shown, test.want) || !strings.HasPrefix(told, fmt.Sprintf("README.md:%d:%d: invalid JSON", line+1, column)) {
			t.Errorf("%s\ngot  %s, %s\nwant %s", test.code, shown, told, test.want)
		}
	}
}

func TestJSONWritesItsFile(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if _, err := exec1(t, JSONExecutor{Dir: dir}, map[string]string{"a": "1"}, "'''json file=x/y.json", "[${a}]", "'''"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "x/y.json")); err != nil || string(text) != "[1]\n" {
		t.Errorf("got %q, %v", text, err)
	}
	for link, target := range map[string]string{"out": outside, "y.json": filepath.Join(outside, "y.json")} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"out/y.json", "y.json"} {
		if _, err := exec1(t, JSONExecutor{Dir: dir}, nil, "'''json file="+file, "[]", "'''"); err == nil || errors.As(err, new(*Failure)) {
			t.Errorf("it wrote %s, which is outside of the folder: %v", file, err)
		}
	}
}

// fakeSession stands in for Flink: the statement says what it answers.
type fakeSession struct{ got []string }

func (f *fakeSession) Run(_ context.Context, s flink.Statement) (*flink.Result, error) {
	f.got = append(f.got, s.Text)
	switch word, _, _ := strings.Cut(s.Text, " "); word {
	case "INSERT":
		return &flink.Result{Kind: flink.Started, JobID: "3f2a"}, nil
	case "SELECT":
		return &flink.Result{Kind: flink.Rows, Columns: []flink.Column{{Name: "n", Type: "BIGINT"}}, Rows: [][]any{{int64(5)}}}, nil
	case "BAD":
		return nil, &flink.SQLError{File: s.File, Line: s.Line, Column: 3, Reason: "Column 'nope' not found in any table", Statement: s.Text}
	case "DOWN":
		return nil, errors.New("no gateway")
	}
	return &flink.Result{Kind: flink.Done}, nil
}

func TestSQL(t *testing.T) {
	session := &fakeSession{}
	var jobs []string
	e := SQLExecutor{Session: session, Started: func(_ context.Context, job string) error { jobs = append(jobs, job); return nil }}
	params := map[string]string{"table": "rows"}
	got, err := exec1(t, e, params, "'''sql", "CREATE ${table}; -- ${nope}", "INSERT x;", "SELECT 1", "'''")
	if want := "done\njob 3f2a started\nn\n5\n(1 row)\n"; err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if fmt.Sprint(jobs, session.got) != "[3f2a] [CREATE rows INSERT x SELECT 1]" {
		t.Errorf("got %q, %q", jobs, session.got)
	}
	for _, test := range []struct{ code, shown, told string }{
		{"CREATE x;\nBAD y", "done\nline 2, column 3: Column 'nope' not found in any table\n", "README.md:4:3: Column 'nope'"},
		{"SELECT 'x", "line 1, column 8: the text that begins here has no closing '\n", "README.md:3:8: the text"},
		{"SELECT\n ${nope}", "line 2, column 2: the parameter ${nope} has no value; the known ones are table\n", "README.md:4:2: the parameter"},
	} {
		_, err := exec1(t, e, params, "", "'''sql", test.code, "'''")
		if shown, told := failed(t, err); shown != test.shown || !strings.HasPrefix(told, test.told) {
			t.Errorf("%s\ngot  %q, %q\nwant %q, %q", test.code, shown, told, test.shown, test.told)
		}
	}
	if _, err := exec1(t, e, params, "'''sql", "DOWN", "'''"); err == nil || errors.As(err, new(*Failure)) {
		t.Errorf("got %v", err)
	}
	e.Started = func(context.Context, string) error { return errors.New("job 3f2a restarts: no such field") }
	_, err = exec1(t, e, params, "'''sql", "CREATE x;", "INSERT x", "'''")
	if shown, told := failed(t, err); shown != "done\njob 3f2a restarts: no such field\n" || told != "README.md:3: job 3f2a restarts: no such field" {
		t.Errorf("got %q, %q", shown, told)
	}
	e.Prepare = func(s []flink.Statement) ([]flink.Statement, error) { return s[:1], nil }
	if got, err := exec1(t, e, params, "'''sql", "CREATE x; SELECT 1", "'''"); err != nil || got != "done\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSQLHintIsTold(t *testing.T) {
	report, err := Run(t.Context(), mustParse(t, page("'''sql", "BAD", "'''")), SQLExecutor{Session: &fakeSession{}}, Options{})
	if err != nil || !strings.Contains(report.Results[0].Detail, "\nhint: ") {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestTable(t *testing.T) {
	r := &flink.Result{
		Columns: []flink.Column{{Name: "name", Type: "STRING"}, {Name: "n", Type: "BIGINT"}, {Name: "x", Type: "DOUBLE"}, {Name: "ok", Type: "BOOLEAN"}, {Name: "d", Type: "DECIMAL(3, 1)"}},
		Rows: [][]any{
			{"é\nb", int64(9007199254740993), 1600000.5, true, "1.5"},
			{nil, int64(-1), 1e-9, nil, "10.0"},
		},
	}
	want := `name                 n          x  ok       d
é\nb  9007199254740993  1600000.5  TRUE   1.5
NULL                -1      1e-09  NULL  10.0
(2 rows)
`
	if got := Table(r); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	many := &flink.Result{Columns: []flink.Column{{Name: "s", Type: "STRING"}}}
	for range 20_000 {
		many.Rows = append(many.Rows, []any{strings.Repeat("x", 10_000)})
	}
	if got := Table(many); len(got) > 200_000 || !strings.HasSuffix(got, "\n(20000 rows, only the first 1000 are shown)\n") {
		t.Errorf("got %d bytes, ending in %q", len(got), got[len(got)-60:])
	}
}
