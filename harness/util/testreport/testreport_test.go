package testreport

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// run has lines of go test -json, as Go 1.26 prints them: events that start
// something are left out.
const run = `
{"Action":"output","Package":"m/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"pass","Package":"m/a","Test":"TestGood","Elapsed":0.5}
{"Action":"output","Package":"m/a","Test":"TestPage","Output":"=== RUN   TestPage\n"}
{"Action":"output","Package":"m/a","Test":"TestPage","Output":"    a_test.go:4: skipped because this machine lacks chromium: not found\n"}
{"Action":"output","Package":"m/a","Test":"TestPage","Output":"--- SKIP: TestPage (0.00s)\n"}
{"Action":"skip","Package":"m/a","Test":"TestPage","Elapsed":0}
{"Action":"output","Package":"m/a","Output":"ok  \tm/a\t2.0s\n"}
{"Action":"pass","Package":"m/a","Elapsed":2}
{"Action":"output","Package":"m/none","Output":"?   \tm/none\t[no test files]\n"}
{"Action":"skip","Package":"m/none","Elapsed":0}
{"Action":"output","Package":"m/b","Test":"TestSlow","Output":"    b_test.go:9: skipped because of -short: it starts Flink\n"}
{"Action":"skip","Package":"m/b","Test":"TestSlow","Elapsed":0}
{"Action":"pass","Package":"m/b","Elapsed":0.1}
`

func read(t *testing.T, text string) (Report, string) {
	t.Helper()
	var shown bytes.Buffer
	r, err := Read(strings.NewReader(strings.TrimSpace(text)), &shown)
	if err != nil {
		t.Fatal(err)
	}
	return r, shown.String()
}

func TestReport(t *testing.T) {
	r, shown := read(t, run)
	if want := "ok       2.0 s  a\nok       0.1 s  b\n"; shown != want {
		t.Errorf("while it runs it shows\n%swant\n%s", shown, want)
	}
	if !r.Good() {
		t.Errorf("skips aren't failures: %+v", r)
	}
	if again := r.Again(); len(again) != 2 || again[0] != "-run=^(TestPage)$" || again[1] != "./a" {
		t.Errorf("what has to be run again is %q", again)
	}
	var b bytes.Buffer
	r.Print(&b)
	want := `
1 skipped because chromium is missing. To install it: apt-get install chromium (Debian), dnf install chromium (Fedora)
  a TestPage

1 skipped for another reason:
skipped because of -short: it starts Flink
  b TestSlow

1 passed, 0 failed, 2 skipped
`
	if b.String() != want {
		t.Errorf("it says\n%swant\n%s", b.String(), want)
	}
	if got, want := r.Table(), "| package | seconds |\n|---|---:|\n| `a` | 2 |\n| 1 others together | 0 |\n"; got != want {
		t.Errorf("the table is\n%swant\n%s", got, want)
	}
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct{ lines, shown string }{
		"a test": {`{"Action":"output","Package":"m/c","Test":"TestBad","Output":"    c_test.go:3: no\n"}
			{"Action":"fail","Package":"m/c","Test":"TestBad"}
			{"Action":"fail","Package":"m/c"}`, "--- c TestBad\n    c_test.go:3: no\n"},
		"a package that doesn't compile": {`{"ImportPath":"m/d","Action":"build-output","Output":"d.go:1: undefined: x\n"}
			{"Action":"fail","Package":"m/d"}`, "d.go:1: undefined: x\n"},
		"a process that ended within a test": {`{"Action":"output","Package":"m/e","Test":"TestDies","Output":"panic: oh\n"}
			{"Action":"output","Package":"m/e","Output":"exit status 2\n"}
			{"Action":"fail","Package":"m/e"}`, "--- e TestDies didn't end\npanic: oh\nexit status 2\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r, shown := read(t, run+c.lines)
			if r.Good() || !strings.Contains(shown, c.shown) {
				t.Errorf("good is %v; it shows\n%s", r.Good(), shown)
			}
		})
	}
}

// TestNothing: no tests are not good tests.
func TestNothing(t *testing.T) {
	for _, text := range []string{"", "go: no such tool\n", fmt.Sprintln(`{"Action":"pass","Package":"m/a"}`)} {
		if r, _ := read(t, text); r.Good() {
			t.Errorf("%q is good", text)
		}
	}
}
