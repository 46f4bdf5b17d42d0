package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/util/ui"
)

func TestTests(t *testing.T) {
	const good = `{"Action":"output","Package":"m/a","Test":"TestPage","Output":"    a_test.go:4: skipped because this machine lacks chromium: not found\n"}
{"Action":"skip","Package":"m/a","Test":"TestPage"}
{"Action":"pass","Package":"m/a","Test":"TestGood"}
{"Action":"pass","Package":"m/a","Elapsed":2}
`
	page := filepath.Join(t.TempDir(), "tests.md")
	if err := os.WriteFile(page, []byte(costs.Begin+"\n"+costs.End+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	again := filepath.Join(t.TempDir(), "again")
	var out bytes.Buffer
	a := &app{out: &out, err: ui.New(&out)}
	if err := a.tests(strings.NewReader(good), page, again); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if want := "\n1 passed, 0 failed, 1 skipped\n"; err != nil || !strings.HasSuffix(out.String(), want) || !strings.Contains(string(text), "| `a` | 2 |") {
		t.Errorf("it says\n%sand writes\n%s, %v", out.String(), text, err)
	}
	if text, err := os.ReadFile(again); err != nil || string(text) != "-run=^(TestPage)$\n./a" {
		t.Errorf("what has to be run again is %q, %v", text, err)
	}

	var failed failedError
	bad := good + `{"Action":"fail","Package":"m/b","Test":"TestBad"}`
	if err := a.tests(strings.NewReader(bad), "", ""); !errors.As(err, &failed) {
		t.Errorf("a failed test comes to %v", err)
	}
	var usage usageError
	if err := a.tests(strings.NewReader(good), page+".none", ""); !errors.As(err, &usage) {
		t.Errorf("a page that isn't there comes to %v", err)
	}
}
