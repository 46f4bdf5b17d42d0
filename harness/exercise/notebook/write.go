package notebook

import (
	"bytes"
	"fmt"
	"os"

	"hoplab.example/harness/util/atomicfile"
)

// Write replaces the page's file by its new source, at once or not at all. It does
// nothing if the source is unchanged, and refuses if the file is no longer what the
// page was parsed from: somebody has saved it since.
func (p *Page) Write(path string, source []byte) error {
	now, err := os.ReadFile(path)
	switch {
	case err != nil:
		return fmt.Errorf("refresh the page: %w", err)
	case !bytes.Equal(now, p.source):
		return fmt.Errorf("refresh the page: %s has changed since it was read, and is left as it is: refresh it again", path)
	case bytes.Equal(now, source):
		return nil
	}
	if err := atomicfile.Write(path, source); err != nil {
		return fmt.Errorf("write the page %s: %w", path, err)
	}
	return nil
}
