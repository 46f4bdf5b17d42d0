package keeper

import (
	"io"
	"os"
	"path/filepath"
)

// keepProgram links or copies this program into the run's folder, since `go
// test` removes a test binary that is done while the keeper that it started
// serves others.
func keepProgram(dir string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	kept := filepath.Join(dir, programFile)
	if os.Link(self, kept) == nil {
		return kept, nil
	}
	from, err := os.Open(self)
	if err != nil {
		return "", err
	}
	defer from.Close()
	to, err := os.OpenFile(kept, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
	if err != nil {
		return "", err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return "", err
	}
	return kept, to.Close()
}
