package need

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"hoplab.example/harness/util/jdk"
)

// fake is a test that only says how it ended.
type fake struct {
	testing.TB
	said string
}

func (f *fake) Helper()                   {}
func (f *fake) Fatal(args ...any)         { f.end("FAIL " + fmt.Sprint(args...)) }
func (f *fake) Fatalf(s string, a ...any) { f.end("FAIL " + fmt.Sprintf(s, a...)) }
func (f *fake) Skipf(s string, a ...any)  { f.end("SKIP " + fmt.Sprintf(s, a...)) }

// end keeps the first: a real test goes no further.
func (f *fake) end(text string) {
	if f.said == "" {
		f.said = text
	}
}

func TestSkip(t *testing.T) {
	for _, c := range []struct{ list, want string }{
		{"", "SKIP skipped because this machine lacks chromium: not found"},
		{"mosquitto,sandbox", "SKIP skipped because this machine lacks chromium: not found"},
		{"mosquitto, chromium", "FAIL HOPLAB_NEED says that this machine has chromium, but: not found"},
		{"chrome", `FAIL HOPLAB_NEED is "chrome", and nothing is named "chrome"; it can have mosquitto, chromium, containers, sandbox, java21, python, superset`},
	} {
		t.Setenv(Variable, c.list)
		f := &fake{}
		Chromium.Skip(f, errors.New("not found"))
		if f.said != c.want {
			t.Errorf("%s=%q: %s\nwant %s", Variable, c.list, f.said, c.want)
		}
	}
}

func TestProgram(t *testing.T) {
	t.Setenv(Variable, "")
	t.Setenv("PATH", t.TempDir())
	f := &fake{}
	if path := Chromium.Program(f, "chromium"); path != "" || !strings.HasPrefix(f.said, "SKIP ") {
		t.Errorf("an empty PATH has %q, and the test says %q", path, f.said)
	}
}

func TestOf(t *testing.T) {
	t.Setenv(Variable, "")
	for _, thing := range All {
		f := &fake{}
		thing.Skip(f, errors.New("oh"))
		if got, ok := Of("    some_test.go:1: " + strings.TrimPrefix(f.said, "SKIP ")); !ok || got != thing {
			t.Errorf("%q names %+v as missing", f.said, got)
		}
	}
	if got, ok := Of("skipped because of -short: it starts Flink"); ok {
		t.Errorf("-short lacks %+v", got)
	}
}

func TestJava(t *testing.T) {
	t.Setenv(Variable, "")
	f := &fake{TB: t}
	Java(f, jdk.Versions{Oldest: 17, Newest: 17}) // is needed anyway
	if f.said != "" {
		t.Errorf("for 17: %s", f.said)
	}
	if Java(f, jdk.Versions{Oldest: 99}); !strings.HasPrefix(f.said, "SKIP skipped because this machine lacks Java 21 or newer: it needs Java 99 or newer, and this machine has") {
		t.Errorf("for one that nobody has: %s", f.said)
	}
}
