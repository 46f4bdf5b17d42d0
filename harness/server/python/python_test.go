package python

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/util/tool"
	"hoplab.example/harness/util/wait"
)

// fakePython stands for a Python whose pip prints what pip 23.2 has printed. It is the
// only program on the PATH beside those that it needs itself, and keeps its calls.
func fakePython(t *testing.T, version, pip string) (calls func() string) {
	t.Helper()
	dir := t.TempDir()
	log := filepath.Join(dir, "calls")
	script := `#!/bin/sh
echo "$*" >>` + log + `
case "$*" in
-c*) echo ` + version + ` ;;
"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
"-m pip install"*build.txt*) ;;
"-m pip"*) ` + pip + ` ;;
"-m tarfile"*) mkdir -p "$5/pyspark-3.5.6/deps/jars" ;;
esac
`
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":/usr/bin:/bin")
	return func() string {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
}

const good = `echo "  Downloading numpy-1.26.4.whl (18.3 MB)"; echo "  Downloading pytz.whl (512 kB)"; for d; do :; done; if [ "$3" = download ]; then mkdir "$d"; touch "$d/pyspark-3.5.6.tar.gz"; fi`

func TestInstall(t *testing.T) {
	calls := fakePython(t, "3.11", good)
	s := Of(t.TempDir())
	missing, bytes, err := s.Missing(t.Context(), "superset", "spark")
	if err != nil || len(missing) != 2 || bytes < 400<<20 {
		t.Fatalf("missing %v, %d bytes, %v", missing, bytes, err)
	}
	for name, want := range map[string]string{"superset": "venv", "spark": "jars"} {
		var last cache.Progress
		dir, err := s.Install(t.Context(), name, func(p cache.Progress) { last = p })
		if err != nil || filepath.Base(dir) != want || last.Done != 18_812_000 || last.Total < 200<<20 {
			t.Errorf("%s: %s, %v; progress %+v", name, dir, err, last)
		}
	}
	if n := strings.Count(calls(), "--require-hashes"); n != 4 {
		t.Errorf("pip was called %d times with --require-hashes, want 4:\n%s", n, calls())
	}
	before := calls()
	if missing, _, err := s.Missing(t.Context(), "superset", "spark"); err != nil || len(missing) > 0 {
		t.Errorf("missing after it: %v, %v", missing, err)
	}
	if _, err := s.Install(t.Context(), "superset", nil); err != nil || strings.Contains(strings.TrimPrefix(calls(), before), "-m pip") {
		t.Errorf("a second time: %v\n%s", err, calls())
	}
}

// TestInterrupted: what isn't complete isn't used, and pip's own downloads are kept.
func TestInterrupted(t *testing.T) {
	fakePython(t, "3.12", `kept="$(dirname "$0")/../../fetched"; [ -e "$kept" ] || { mkdir "$kept"; sleep 100; }`)
	s := Of(t.TempDir())
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() {
		wait.Until(ctx, time.Millisecond, func() (bool, error) {
			found, _ := filepath.Glob(filepath.Join(s.Dir, "superset-*", "fetched"))
			return len(found) > 0, nil
		})
		cancel(errors.New("Ctrl-C"))
	}()
	_, err := s.Install(ctx, "superset", func(cache.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "install superset: python pip was stopped: Ctrl-C") {
		t.Errorf("error = %v", err)
	}
	if missing, _, err := s.Missing(t.Context(), "superset"); err != nil || len(missing) != 1 {
		t.Errorf("missing %v, %v", missing, err)
	}
	if _, err := s.Install(t.Context(), "superset", func(cache.Progress) {}); err != nil {
		t.Errorf("after an interruption: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, "superset-*", "fetched")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

// TestWrongHash has what pip 23.2 says of a package that isn't the pinned one.
func TestWrongHash(t *testing.T) {
	fakePython(t, "3.10", `echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE." >&2; exit 1`)
	_, err := Of(t.TempDir()).Install(t.Context(), "spark", func(cache.Progress) {})
	if err == nil || !strings.Contains(err.Error(), "install spark: python pip: exit status 1: THESE PACKAGES DO NOT MATCH") {
		t.Errorf("error = %v", err)
	}
}

func TestFind(t *testing.T) {
	fakePython(t, "3.13", "")
	var missing *tool.MissingError
	_, err := Find(t.Context(), "superset")
	if !errors.As(err, &missing) || !strings.Contains(err.Error(), "3.13") || !strings.Contains(missing.Hint(), "python3-venv") {
		// /usr/bin may have one that fits
		if err != nil {
			t.Errorf("error = %v", err)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.Context(), "superset"); !errors.As(err, &missing) || !strings.Contains(err.Error(), "python3: not found") {
		t.Errorf("error = %v", err)
	}
}
