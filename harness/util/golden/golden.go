// Package golden compares a test's result with a stored file; go test -update
// rewrites the files.
package golden

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Has reports whether there is such a file, or is to be one.
func Has(path string) bool {
	_, err := os.Stat(path)
	return err == nil || *update
}

// Check fails the test where got isn't what the file at path holds.
func Check(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (-update rewrites it); got\n%s\nwant\n%s", path, got, want)
	}
}
