package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/rows/wisdm"
)

func isPython(file string) bool { return filepath.Ext(file) == ".py" }

// python makes the options those of a script in Python, which finds the packages of the
// labs.
func (a *attempt) python(ctx context.Context, o *sandbox.Options, file string) error {
	if a.Python == nil {
		return errors.New("this grader has no Python")
	}
	env, err := a.Python(ctx)
	if err != nil {
		return fmt.Errorf("get a Python for %s: %w", file, err)
	}
	a.env = env
	o.Script = fmt.Sprintf("exec '%s' -s './%s'", env.Python, file)
	o.Show = env.Folders()
	o.Env = append(o.Env, env.Variables()...)
	return nil
}

// writeLines writes rows as messages, one a line.
func writeLines(path string, rows []wisdm.Row) error {
	var text []byte
	for _, row := range rows {
		text = append(wisdm.AppendMessage(text, row), '\n')
	}
	return os.WriteFile(path, text, 0o644)
}
