package grade

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
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
		"a Mac's bash":    {"bash", "#!/opt/homebrew/bin/bash -e\nx=(a b); lab ${#x[@]}", "2\n"},
		"a Mac of old":    {"sh", "#!/bin/sh\rlab \"$TOPIC\"\rlab end\r", "smart_a\nend\n"},
		"python":          {"python3", "#!/usr/bin/env python3\nimport os\nprint(os.environ['TOPIC'])\n", "smart_a\n"},
		"Windows":         {"sh", "#!/bin/sh\r\nlab \"$TOPIC\"\r\nlab end\r\n", "smart_a\nend\n"},
		"Windows, a mark": {"sh", "\ufeffif true; then\r\n  lab yes\r\nfi\r\n", "yes\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := exec.LookPath(c.program); err != nil {
				t.Skipf("skipped because this machine has no %s", c.program)
			}
			a := scripted(t, c.script)
			dir, err := a.scriptFolder(a.lab.Files[0])
			if err != nil {
				t.Fatal(err)
			}
			o, err := a.scriptOptions(t.Context(), dir, a.lab.Files[0], "127.0.0.1:1", "TOPIC=smart_a", "INPUT="+input)
			if err != nil {
				t.Fatal(err)
			}
			result, err := runBare(t.Context(), o)
			if err != nil || result.Exit != 0 || string(result.Output) != c.want {
				t.Errorf("exit code %d, %v, %q; want %q", result.Exit, err, result.Output, c.want)
			}
		})
	}
}

func TestNoProgram(t *testing.T) {
	for script, want := range map[string]string{
		"#!/bin/sh\ntrue": "", "#! /bin/sh -e\ntrue": "", "true": "", "#!\ntrue": "", "#!/no/fish -x\n": "/no/fish", "#!no\n": "no",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.sh"), []byte(script), 0o644); err != nil {
			t.Fatal(err)
		}
		if got := noProgram(dir, "x.sh"); got != want {
			t.Errorf("%q: %q, want %q", script, got, want)
		}
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
		dir, err := a.scriptFolder(a.lab.Files[0])
		if err != nil || a.oracle.Count() != 10 {
			t.Errorf("%s: the oracle has %v rows, want 10: %v", own, a.oracle, err)
			continue
		}
		if target, err := os.Readlink(filepath.Join(dir, tools, "lab")); target != a.Lab {
			t.Errorf("%s: the lab command is %q, %v", own, target, err)
		}
	}
}

// TestReasonsNameNoFolderOfTheGrader: a script's own output doesn't either.
func TestReasonsNameNoFolderOfTheGrader(t *testing.T) {
	a := scripted(t, "cat $PWD/none")
	a.lab.ID = "01-publish"
	dir, err := a.scriptFolder(a.lab.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := a.impersonal("cat: " + dir + "/none, and " + a.dir + "/x"); got != "cat: 01-publish/none, and 01-publish/x" {
		t.Error(got)
	}
}

// TestWhatLiesBesideTheWork isn't copied, and so harms nothing.
func TestWhatLiesBesideTheWork(t *testing.T) {
	a := scripted(t, "true")
	put := func(name string, size int) {
		t.Helper()
		path := filepath.Join(a.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, size), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put(".venv/pyvenv.cfg", 10)
	put("all.zip", 5<<20)
	put("informaci\xf3n.txt", 1)
	put("a/b/c/d/e/f/g/h/i/deep.txt", 1)
	for i := range 600 {
		put(fmt.Sprintf("frames/%03d.png", i), 1)
	}
	for _, link := range []string{".venv/python", "x"} {
		if err := os.Symlink("/etc/passwd", filepath.Join(a.dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	dir, err := a.scriptFolder(a.lab.Files[0])
	if err != nil {
		t.Fatal(err)
	}
	entries, _ := os.ReadDir(dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); got != ".tools input publish.sh" {
		t.Errorf("the script has beside it: %s", got)
	}
	if said := a.leftOut(); !strings.Contains(said, "only publish.sh was there") {
		t.Errorf("a script that fails reads %q", said)
	}
}

// socketAt makes a Unix socket, and leaves it when it is closed.
func socketAt(path string) error {
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false)
	return listener.Close()
}

// TestBadScriptsAreTheStudentsFault, and not an error that leaves a lab without a
// grade. No reason has a folder of the grader's.
func TestBadScriptsAreTheStudentsFault(t *testing.T) {
	for want, spoil := range map[string]func(path string) error{
		"it is a symbolic link that leads out": func(path string) error { return os.Symlink("/etc/passwd", path) },
		"01-publish/publish.sh isn't there":    func(string) error { return nil },
		"01-publish/publish.sh isn't a file":   func(path string) error { return exec.Command("mkfifo", path).Run() },
		"publish.sh has 1048577 bytes, more":   func(path string) error { return os.WriteFile(path, make([]byte, maxFile+1), 0o644) },
		"it is a symbolic link":                func(path string) error { return os.Symlink("publish.sh", path) }, // to itself
		"publish.sh is UTF-16":                 func(path string) error { return os.WriteFile(path, []byte("\xff\xfel\x00a\x00"), 0o644) },
		"publish.sh is UTF-16, as":             func(path string) error { return os.WriteFile(path, []byte("t\x00r\x00u\x00e\x00"), 0o644) },
		"publish.sh is RTF":                    func(path string) error { return os.WriteFile(path, []byte(`{\rtf1 true}`), 0o644) },
		"publish.sh is a zip or an Office":     func(path string) error { return os.WriteFile(path, []byte("PK\x03\x04"), 0o644) },
		"publish.sh is a web page":             func(path string) error { return os.WriteFile(path, []byte("\n<html>"), 0o644) },
		"publish.sh is a RAR archive":          func(path string) error { return os.WriteFile(path, []byte("Rar!\x1a\x07"), 0o644) },
		"publish.sh is a picture":              func(path string) error { return os.WriteFile(path, []byte("\x89PNG\r\n"), 0o644) },
		"publish.sh is a Jupyter notebook": func(path string) error {
			return os.WriteFile(path, []byte(`{"cells": [], "nbformat": 4}`), 0o644)
		},
		"publish.sh is Markdown": func(path string) error { return os.WriteFile(path, []byte("```sh\ntrue\n```\n"), 0o644) },
		"the folder has publish.docx, but 01-publish/publish.sh isn't there": func(path string) error {
			return os.WriteFile(filepath.Join(filepath.Dir(path), "publish.docx"), nil, 0o644)
		},
		"publish.sh isn't a file":  func(path string) error { return os.Mkdir(path, 0o755) },
		"/publish.sh isn't a file": socketAt,
	} {
		a := scripted(t, "true")
		a.lab.ID = "01-publish"
		path := filepath.Join(a.dir, "publish.sh")
		if err := errors.Join(os.Remove(path), spoil(path)); err != nil {
			t.Fatal(err)
		}
		v := checkScript(t.Context(), a, lab.Check{})
		if v.outcome != hop.Failed || !strings.Contains(v.reason, want) || strings.Contains(v.reason, a.dir) {
			t.Errorf("%s: %s, want %s", v.outcome, v.reason, want)
		}
	}
	a := scripted(t, "true")
	a.lab.ID, a.dir = "01-publish", filepath.Join(a.dir, "gone")
	if v := checkScript(t.Context(), a, lab.Check{}); v.outcome != hop.Failed || v.reason != "01-publish/publish.sh isn't there" {
		t.Errorf("%s: %s", v.outcome, v.reason)
	}
}

// TestAnswersInAnotherForm: the next step is about the file that is there.
func TestAnswersInAnotherForm(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"publish.ipynb", "{}", "publish.ipynb isn't read: save what is in it as plain text, and call that publish.sh"},
		{"Publish.DOCX", "PK", "Publish.DOCX isn't read: save"},
		{"notes.md", "hi", "'lab reset' brings the lab's files back"},
		{"publish.sh", " \n", "'lab reset' brings the lab's file back"},
		{"publish.sh", "#!/bin/sh\n# publish the rows\n", "'lab reset' brings the lab's file back"},
	} {
		a := scripted(t, "true")
		a.lab.ID = "01-publish"
		if err := errors.Join(os.Remove(filepath.Join(a.dir, "publish.sh")), os.WriteFile(filepath.Join(a.dir, c.file), []byte(c.text), 0o644)); err != nil {
			t.Fatal(err)
		}
		if v := checkFiles(t.Context(), a, lab.Check{}); v.outcome != hop.Failed || !strings.Contains(v.reason+v.hint, c.want) {
			t.Errorf("%s: %+v, want %s", c.file, v, c.want)
		}
	}
}

func TestBlank(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.sql", "-- one\n/* two\n 'three' */ ", "it has nothing but comments"},
		{"a.sql", "-- one\nSELECT 1 -- two", ""},
		{"a.py", "\"\"\"What it does.\"\"\"\n# later\n", "it has nothing but comments"},
		{"a.py", "\"\"\"What it does.\"\"\"\nimport os\n", ""},
		{"a.sh", "#!/bin/sh\n\n", "it has nothing but comments"},
		{"Dockerfile", "\r\n\t", "it is empty"},
		{"a.yaml", "a: 1 # one\n", ""},
		{"a.json", "{}", ""},
	} {
		if got := blank(c.name, []byte(c.text)); got != c.want {
			t.Errorf("%s %q: %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

// TestNoShell: where a script can't run at all, that isn't the student's fault.
func TestNoShell(t *testing.T) {
	a := scripted(t, "#!/bin/sh\n")
	t.Setenv("PATH", t.TempDir())
	if v := checkScript(t.Context(), a, lab.Check{}); v.outcome != hop.Error || !strings.Contains(v.reason, "WSL 2") {
		t.Errorf("without sh: %+v", v)
	}
}
