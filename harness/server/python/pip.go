package python

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/proc"
)

// fill makes a place. The lock is held, so nobody else works on it.
func (p place) fill(ctx context.Context, report func(cache.Progress)) error {
	if err := errors.Join(os.RemoveAll(p.mark()), os.MkdirAll(p.dir, 0o755)); err != nil {
		return err
	}
	meter := &meter{total: p.Bytes, report: report}
	if err := run(ctx, meter, p.runs.Path, "-m", "venv", "--clear", filepath.Join(p.dir, "venv")); err != nil {
		return hint.With(err, "the Python at "+p.runs.Path+" makes no virtual environment; on Debian: apt-get install python3-venv")
	}
	if err := p.install(ctx, meter); err != nil {
		return err
	}
	if err := os.RemoveAll(p.fetched()); err != nil {
		return err
	}
	return os.WriteFile(p.mark(), nil, 0o644)
}

func (p place) install(ctx context.Context, m *meter) error {
	if p.Wheels {
		return p.pip(ctx, m, "install", p.name, p.Text, "--only-binary", ":all:")
	}
	build, err := fixtures.Python(buildSet)
	if err == nil {
		err = p.pip(ctx, m, "install", buildSet, build.Text)
	}
	switch {
	case err != nil:
		return err
	case p.Unpack != "":
		return p.unpack(ctx, m)
	}
	return p.pip(ctx, m, "install", p.name, p.Text, "--no-build-isolation")
}

// fetched is pip's cache, which makes an installation go on after an interruption.
func (p place) fetched() string { return filepath.Join(p.dir, "fetched") }

// unpack takes the set's folder out of the archive of its package.
func (p place) unpack(ctx context.Context, m *meter) error {
	to := filepath.Join(p.dir, "archive")
	defer os.RemoveAll(to)
	if err := p.pip(ctx, m, "download", p.name, p.Text, "--no-build-isolation", "--no-binary", ":all:", "-d", to); err != nil {
		return err
	}
	archives, err := filepath.Glob(filepath.Join(to, "*.tar.gz"))
	if err != nil || len(archives) != 1 {
		return fmt.Errorf("pip has downloaded %d archives, want 1", len(archives))
	}
	return run(ctx, m, p.python(), "-m", "tarfile", "-e", archives[0], filepath.Join(p.dir, "unpacked"))
}

func (p place) pip(ctx context.Context, m *meter, command, name string, text []byte, options ...string) error {
	file := filepath.Join(p.dir, name+".txt")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	args := []string{"-m", "pip", command, "--disable-pip-version-check", "--no-input", "--progress-bar", "off",
		"--cache-dir", p.fetched(), "--require-hashes", "--no-deps", "-r", file}
	return run(ctx, m, p.python(), append(args, options...)...)
}

// run runs Python, and has the meter read what it prints.
func run(ctx context.Context, m *meter, python string, args ...string) error {
	cmd := exec.CommandContext(ctx, python, args...)
	// Packages of the user's must not take the place of those that are pinned.
	cmd.Env = append(os.Environ(), "PYTHONPATH=", "PYTHONNOUSERSITE=1")
	proc.Lead(cmd) // pip starts others, to build packages
	cmd.Cancel = func() error { return proc.Terminate(cmd.Process.Pid) }
	cmd.WaitDelay = 10 * time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	failures := m.read(out)
	err = cmd.Wait()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("python %s was stopped: %w", args[1], context.Cause(ctx))
	}
	return fmt.Errorf("python %s: %w: %s", args[1], err, failures)
}

// meter counts what pip downloads.
type meter struct {
	done, total int64
	report      func(cache.Progress)
}

var downloading = regexp.MustCompile(`(?:Downloading|Using cached) .* \(([0-9.]+) ([kM]?)B\)`)

// kept is how many of a failed program's last lines its error has.
const kept = 5

// read reads a program's output to its end, and returns its errors, or its last lines
// where none is marked as one.
func (m *meter) read(out io.Reader) string {
	var last, failures []string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		if found := downloading.FindStringSubmatch(line); found != nil {
			n, _ := strconv.ParseFloat(found[1], 64) // the pattern admits numbers only, or 0
			m.done += int64(n * map[string]float64{"": 1, "k": 1e3, "M": 1e6}[found[2]])
			m.report(cache.Progress{Done: m.done, Total: max(m.total, m.done)})
		}
		if text, ok := strings.CutPrefix(line, "ERROR: "); ok {
			failures = append(failures, text)
		}
		last = append(last, line)
		last = last[max(0, len(last)-kept):]
	}
	io.Copy(io.Discard, out) // after an over-long line: the program must not block
	if len(failures) == 0 {
		failures = last
	}
	return strings.Join(failures, "; ")
}
