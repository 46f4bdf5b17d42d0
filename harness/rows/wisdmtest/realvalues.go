// Package wisdmtest gives tests rows with values that were really recorded,
// where the machine has such values.
package wisdmtest

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	// FirstTS and Step make the timestamps: the dataset's first row of subject
	// 1600, and its usual step at 20 Hz, both in nanoseconds.
	FirstTS = 252207666810782
	Step    = 50_354_004
)

// RealValues returns a folder in the dataset's shape with the values from
// ../shared/wisdm beside root, the repository's top. Those files have no
// timestamp, which is put in as one Step after the other. It skips the test
// where there are none.
func RealValues(t testing.TB, root string) string {
	t.Helper()
	pattern := filepath.Join(root, "..", "shared", "wisdm", "data_*_accel_watch.txt")
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		t.Skipf("skipped because there are no real values: no file is named %s", pattern)
	}
	top := t.TempDir()
	folder := filepath.Join(top, "raw", "watch", "accel")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			text, err = withTimestamps(text)
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, filepath.Base(name)), text, 0o644)
		}
		if err != nil {
			t.Fatalf("rebuild the timestamps of %s: %v", name, err)
		}
	}
	return top
}

// withTimestamps turns "1600,A,x,y,z;" into "1600,A,timestamp,x,y,z;".
func withTimestamps(text []byte) ([]byte, error) {
	var out bytes.Buffer
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := int64(0); lines.Scan(); n++ {
		parts := strings.SplitN(lines.Text(), ",", 3)
		if len(parts) != 3 || strings.Count(parts[2], ",") != 2 {
			return nil, fmt.Errorf("line %d: %q is not subject,activity,x,y,z;", n+1, lines.Text())
		}
		fmt.Fprintf(&out, "%s,%s,%d,%s\n", parts[0], parts[1], FirstTS+n*Step, parts[2])
	}
	return out.Bytes(), lines.Err()
}
