package reexec

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

type greeting struct{ Whom string }

func TestMain(m *testing.M) {
	Run(map[string]Role{"greet": func(args []string) int {
		var g greeting
		if err := Task(args, &g); err != nil {
			fmt.Println(err)
			return 3
		}
		fmt.Println("hello,", g.Whom)
		return 0
	}})
	os.Exit(m.Run())
}

func TestCommand(t *testing.T) {
	cmd, err := Command(t.Context(), "greet", greeting{`a "b" c`})
	if err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "hello, a \"b\" c\n" {
		t.Errorf("it said %q, %v", out, err)
	}
}

func TestCommandWithoutRole(t *testing.T) {
	cmd, err := Command(t.Context(), "sing", nil)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "HOPLAB_ROLE=sing names no role") {
		t.Errorf("it said %q, %v", out, err)
	}
}

func TestTaskErrors(t *testing.T) {
	for want, args := range map[string][]string{
		"needs one argument": {"{}", "{}"},
		"read what to do":    {"{"},
	} {
		if err := Task(args, &greeting{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Task(%q): %v, want %q", args, err, want)
		}
	}
	if _, err := Command(t.Context(), "greet", func() {}); err == nil {
		t.Error("a function was made JSON")
	}
}
