package grade

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestFindSubmissions(t *testing.T) {
	for _, c := range []struct {
		name    string
		folders []string
		want    string
	}{
		{"one student", []string{"03-flink", "notes"}, "[{in in}]"},
		{"one student's work", []string{"work/03-flink"}, "[{in in/work}]"},
		{"a class", []string{"bo/work/01-publish", "ada/03-flink", ".git", "cy"}, "[{ada in/ada} {bo in/bo/work} {cy in/cy}]"},
		{"a student who is called work", []string{"work/work/03-flink"}, "[{work in/work/work}]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for _, f := range c.folders {
				if err := os.MkdirAll(filepath.Join("in", f), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := FindSubmissions("in"); err != nil || fmt.Sprint(got) != c.want {
				t.Errorf("%v, %v; want %s", got, err, c.want)
			}
		})
	}
}

func TestNoLinkIsASubmission(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/", filepath.Join(dir, "eve")); err != nil {
		t.Fatal(err)
	}
	class := t.TempDir()
	if err := os.MkdirAll(filepath.Join(class, "bo/work/03-flink"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(class, "eve"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../bo/work", filepath.Join(class, "eve/work")); err != nil {
		t.Fatal(err)
	}
	if got, err := FindSubmissions(class); err != nil || len(got) != 2 || got[1].Dir != filepath.Join(class, "eve") {
		t.Errorf("%v, %v; want that eve's is not bo's", got, err)
	}
	var empty *EmptyError
	if got, err := FindSubmissions(dir); !errors.As(err, &empty) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := FindSubmissions(filepath.Join(dir, "absent")); err == nil {
		t.Error("a folder that isn't there was accepted")
	}
}
