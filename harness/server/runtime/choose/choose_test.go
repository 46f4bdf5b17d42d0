package choose

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/image"
)

func TestChoose(t *testing.T) {
	cases := []struct {
		wanted, env string
		missing     error
		want, why   string
	}{
		{"local", "containers", nil, "local", "asked for"},
		{"containers", "", errors.New("no engine"), "containers", "asked for"},
		{"", "local", nil, "local", Variable},
		{"", "", nil, "containers", "are available"},
		{"", "", errors.New("no engine"), "local", "no engine"},
		{"", "", &image.EngineError{Cause: errors.New("no socket"), None: true}, "local", "no container engine: servers run as processes"},
		{"", "", &image.EngineError{Cause: errors.New("permission denied")}, "local", "answers: permission denied"},
	}
	for _, c := range cases {
		got, err := choose(c.wanted, c.env, func() error { return c.missing })
		if err != nil || got.Name != c.want || !strings.Contains(got.Why, c.why) {
			t.Errorf("choose(%q, %q, %v) = %+v, %v", c.wanted, c.env, c.missing, got, err)
		}
	}
	for _, wrong := range [][2]string{{"cloud", ""}, {"", "cloud"}} {
		if _, err := choose(wrong[0], wrong[1], nil); err == nil || !strings.Contains(err.Error(), "attach containers local") {
			t.Errorf("choose(%q): %v, want an error that lists the runtimes", wrong, err)
		}
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "class.yaml")
	if err := os.WriteFile(path, []byte("components:\n  kafka: {address: \"k:1\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(FileVariable, "")
	if _, err := File(""); err == nil || !strings.Contains(err.Error(), FileVariable) {
		t.Errorf("no file: %v", err)
	}
	if file, err := File(path); err != nil || !file.Has("kafka") {
		t.Errorf("the file that was asked for: %v", err)
	}
	t.Setenv(FileVariable, path)
	if file, err := File(""); err != nil || !file.Has("kafka") {
		t.Errorf("the environment's file: %v", err)
	}
	if _, err := File(path + ".none"); err == nil {
		t.Error("what was asked for gives way to the environment")
	}
}
