package author

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/atomicfile"
)

//go:embed template
var template embed.FS

// NameError says why a new lab can't have a name.
type NameError struct{ Reason string }

func (e *NameError) Error() string { return e.Reason }

// New makes the folder of a lab called id, such as "08-alerts", among the labs of
// a folder. It returns the paths of its files; what is left to write in them is
// marked with FIXME. Nothing is overwritten: a name that is invalid or taken is a
// *[NameError].
func New(labs, id string) (made []string, err error) {
	if err := free(labs, id); err != nil {
		return nil, err
	}
	dir := filepath.Join(labs, id)
	err = os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrExist) { // made since, by somebody else
		return nil, &NameError{dir + " already exists; nothing was changed"}
	}
	if err == nil {
		made, err = fill(dir)
	}
	if err != nil {
		return made, fmt.Errorf("make the lab %s: %w", id, err)
	}
	return made, nil
}

// free says why a new lab can't be called id.
func free(labs, id string) error {
	if !lab.IsID(id) || strings.HasPrefix(id, "00") {
		return &NameError{fmt.Sprintf("a lab can't be called %q: write two digits from 01 on, a hyphen, and a name of lower-case letters, digits and hyphens, such as 08-alerts", id)}
	}
	entries, err := os.ReadDir(labs)
	if err != nil {
		return fmt.Errorf("look for the labs that there are: %w", err)
	}
	number, _, _ := strings.Cut(id, "-")
	for _, e := range entries {
		if taken, _, found := strings.Cut(e.Name(), "-"); found && taken == number {
			return &NameError{fmt.Sprintf("the number %s is already used by %s: choose another", number, filepath.Join(labs, e.Name()))}
		}
	}
	return nil
}

// fill copies the template into a new folder.
func fill(dir string) (made []string, err error) {
	err = fs.WalkDir(template, "template", func(name string, e fs.DirEntry, err error) error {
		if err != nil || name == "template" {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(strings.TrimPrefix(name, "template/")))
		if e.IsDir() {
			return os.Mkdir(to, 0o755)
		}
		text, err := template.ReadFile(name)
		if err == nil {
			err = atomicfile.Create(to, text)
		}
		if err == nil {
			made = append(made, to)
		}
		return err
	})
	return made, err
}

// ToWrite returns what the author of one lab has yet to write.
func ToWrite(s lab.Set, id string) []Problem {
	l := linter{Set: s, report: &Report{}}
	l.unwritten(path.Join(s.Dir, id))
	l.report.sort()
	return l.report.Problems
}
