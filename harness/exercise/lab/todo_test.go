package lab

import (
	"io/fs"
	"strings"
	"testing"

	"hoplab.example/labs"
)

func TestTodoLine(t *testing.T) {
	for text, want := range map[string]int{
		"TODO": 1, "a\n'TODO'": 2, "a\nTODO\n": 2, "qos=TODO&x": 1, "[TODO]": 1, "\"TODO\"": 1, "TODOS TODO": 1, "\xff\n TODO": 2, "TODO, TODO": 1,
		"-- TODOS los datos": 0, "# MÉTODO": 0, "METODO": 0, "TODOÍSTA": 0, "ME\u0301TODO": 0, "M\xc9TODO": 0, `"M\u00c9TODO"`: 0,
		"TODO\u0301": 0, "TODO_LIST": 0, "MY_TODO": 0, "TODO2": 0, "todo": 0, "": 0,
	} {
		if got := TodoLine([]byte(text)); got != want {
			t.Errorf("%q: line %d, want %d", text, got, want)
		}
	}
}

// TestWorkFilesAreMarked: every TODO of our own work files is found as a word.
func TestWorkFilesAreMarked(t *testing.T) {
	err := fs.WalkDir(labs.Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.Contains(name, "/work/") {
			return err
		}
		text, err := labs.Files.ReadFile(name)
		for line := range strings.Lines(string(text)) {
			if (TodoLine([]byte(line)) > 0) != strings.Contains(line, Todo) {
				t.Errorf("%s: %s", name, line)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
