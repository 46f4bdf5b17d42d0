package notebook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

// JSONExecutor runs json cells: it checks that each is one JSON value, and prints
// nothing.
type JSONExecutor struct {
	// Dir is where cells with a file are written, with their parameters filled in,
	// for later scripts. "" stands for nowhere.
	Dir string
}

// Run implements Executor.
func (e JSONExecutor) Run(_ context.Context, c Cell) (string, error) {
	if at, reason := checkJSON([]byte(c.Code)); reason != "" {
		line, column := c.pagePosition(at)
		return "", &Failure{
			Text: fmt.Sprintf("line %d, column %d: %s\n", line, column, reason),
			Err:  &Error{File: c.Page, Line: c.Line + line, Column: column, Reason: reason},
		}
	}
	if e.Dir == "" || c.File == "" {
		return "", nil
	}
	if err := writeIn(e.Dir, c.File, c.Code); err != nil {
		return "", fmt.Errorf("write the cell's file %s: %w", c.File, err)
	}
	return "", nil
}

// checkJSON returns what is wrong with a JSON text and at which offset, or "".
func checkJSON(text []byte) (at int, reason string) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // a number of any size is JSON
	var value any
	err := decoder.Decode(&value)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		// Offset counts the bytes read, the bad one included.
		return min(max(0, int(syntax.Offset)-1), len(text)), "invalid JSON: " + syntax.Error()
	case errors.Is(err, io.EOF):
		return len(text), "invalid JSON: the text is empty"
	case err != nil:
		return len(text), "invalid JSON: the text ends too early"
	}
	rest := bytes.TrimLeft(text[decoder.InputOffset():], " \t\r\n")
	if len(rest) > 0 {
		return len(text) - len(rest), "invalid JSON: there is text after the value"
	}
	return 0, ""
}

// writeIn writes a file below dir, and nowhere else, whatever links are there.
func writeIn(dir, name, text string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	return root.WriteFile(name, []byte(text), 0o644)
}
