package grade

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/check/hop"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
)

// scripted returns an attempt at lab 1 with a script.
func scripted(t *testing.T, script string) *attempt {
	t.Helper()
	a := of(t, hop.MQTT, "publish.sh", script)
	a.input, a.Scratch, a.Lab = wisdm.Generator{Seed: 1, Rows: 10}, t.TempDir(), "/bin/echo"
	t.Cleanup(func() {
		for _, undo := range a.undo {
			undo()
		}
	})
	return a
}

// TestScriptsInAnyForm: the first line's program runs a script, and neither a
// carriage return nor a byte order mark is in its way.
func TestScriptsInAnyForm(t *testing.T) {
	for name, c := range map[string]struct{ program, script, want string }{
		"no first line":   {"sh", `lab "$TOPIC" "$INPUT"`, "smart_a input\n"},
		"sh":              {"sh", "#!/bin/sh\nlab $0\n", "./publish.sh\n"},
		"bash":            {"bash", "#!/bin/bash\nx=(a b); [[ ${x[1]} == b ]] && lab ${#x[@]}", "2\n"},
		"bash from env":   {"bash", "#!/usr/bin/env bash\nx=(a b); lab ${#x[@]}", "2\n"},
		"python":          {"python3", "#!/usr/bin/env python3\nimport os\nprint(os.environ['TOPIC'])\n", "smart_a\n"},
		"Windows":         {"sh", "#!/bin/sh\r\nlab \"$TOPIC\"\r\nlab end\r\n", "smart_a\nend\n"},
		"Windows, a mark": {"sh", "\ufeffif true; then\r\n  lab yes\r\nfi\r\n", "yes\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(c.program); err != nil {
				t.Skipf("skipped because this machine has no %s", c.program)
			}
			a := scripted(t, c.script)
			dir, err := a.scriptFolder()
			if err != nil {
				t.Fatal(err)
			}
			result, err := runBare(t.Context(), a.scriptOptions(dir, "127.0.0.1:1"))
			if err != nil || result.Exit != 0 || string(result.Output) != c.want {
				t.Errorf("exit code %d, %v, %q; want %q", result.Exit, err, result.Output, c.want)
			}
		})
	}
}

// TestOwnInputIsNotUsed: rows and commands that a student hands in under the names of
// the grader's folders are neither mixed with the grader's nor an error.
func TestOwnInputIsNotUsed(t *testing.T) {
	for _, own := range []string{"input/wisdm-dataset/raw/phone/accel/data_1700_accel_phone.txt", "input", ".tools", ".tools/lab"} {
		a := scripted(t, "true")
		path := filepath.Join(a.dir, own)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("1700,A,1,1.0,2.0,3.0;\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		dir, err := a.scriptFolder()
		if err != nil || a.oracle.Count() != 10 {
			t.Errorf("%s: the oracle has %v rows, want 10: %v", own, a.oracle, err)
			continue
		}
		if target, err := os.Readlink(filepath.Join(dir, tools, "lab")); target != a.Lab {
			t.Errorf("%s: the lab command is %q, %v", own, target, err)
		}
	}
}

// TestALinkIsTheStudentsFault, and not an error that leaves a lab without a grade.
func TestALinkIsTheStudentsFault(t *testing.T) {
	a := scripted(t, "true")
	if err := os.Symlink("/etc/passwd", filepath.Join(a.dir, "x")); err != nil {
		t.Fatal(err)
	}
	if v := checkScript(t.Context(), a, lab.Check{}); v.outcome != hop.Failed || !strings.Contains(v.reason, "symbolic link") {
		t.Errorf("%+v", v)
	}
}
