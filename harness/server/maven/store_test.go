package maven

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hoplab.example/fixtures"
)

const pom = `<project><hoplab.download.mib>3</hoplab.download.mib></project>`

// fakeMaven puts a script called mvn on the PATH. It finds the output folder
// in $out, and appends a line to $log, so that its calls can be counted.
func fakeMaven(t *testing.T, script string) (log string) {
	t.Helper()
	dir := t.TempDir()
	log = filepath.Join(dir, "log")
	text := "#!/bin/sh\nfor a in \"$@\"; do case $a in -DoutputDirectory=*) out=${a#*=};; esac; done\n" +
		"echo call >>" + log + "\n" + script + "\n"
	if err := os.WriteFile(filepath.Join(dir, "mvn"), []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	return log
}

func calls(t *testing.T, log string) int {
	t.Helper()
	text, err := os.ReadFile(log)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Count(string(text), "call")
}

func quiet(Progress) {}

const goodMaven = `echo "[INFO] Downloaded from somewhere: a/b.jar (2.5 MB at 1 MB/s)"; echo content >$out/b.jar`

func TestInstallOnceAndReport(t *testing.T) {
	log := fakeMaven(t, goodMaven)
	store := Store{t.TempDir()}
	var seen []Progress
	dir, err := store.Install(t.Context(), "kafka", []byte(pom), func(p Progress) { seen = append(seen, p) })
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "b.jar")); err != nil || string(text) != "content\n" {
		t.Errorf("b.jar = %q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "pom.xml")); err == nil {
		t.Error("pom.xml was left among the jars")
	}
	want := Progress{Done: 2_500_000, Total: 3 << 20}
	if len(seen) != 2 || seen[1] != want {
		t.Errorf("progress = %v, want its last to be %v", seen, want)
	}
	if _, err := store.Install(t.Context(), "kafka", []byte(pom), quiet); err != nil || calls(t, log) != 1 {
		t.Errorf("second install: %v, %d calls of mvn, want 1", err, calls(t, log))
	}
}

func TestMissing(t *testing.T) {
	store := Store{t.TempDir()}
	missing, bytes, err := store.Missing("kafka", "flink")
	if err != nil || !slices.Equal(missing, []string{"kafka", "flink"}) || bytes < 100<<20 || bytes > 1<<30 {
		t.Errorf("with an empty cache: %v, %d, %v", missing, bytes, err)
	}
	fakeMaven(t, goodMaven)
	real, err := fixtures.Pom("kafka")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Install(t.Context(), "kafka", real, quiet); err != nil { // unlike InstallPom, it knows no sum
		t.Fatal(err)
	}
	if missing, some, err := store.Missing("kafka", "flink"); err != nil || !slices.Equal(missing, []string{"flink"}) || some >= bytes {
		t.Errorf("with kafka installed: %v, %d, %v", missing, some, err)
	}
	if _, _, err := store.Missing("zebra"); err == nil {
		t.Error("an unknown pom isn't an error")
	}
}

func TestInstallRepairs(t *testing.T) {
	cases := map[string]func(dir string) error{
		"cut-off file": func(dir string) error { return os.Truncate(filepath.Join(dir, "kafka", "b.jar"), 3) },
		"lost file":    func(dir string) error { return os.Remove(filepath.Join(dir, "kafka", "b.jar")) },
		"cut-off manifest": func(dir string) error {
			return os.Truncate(filepath.Join(dir, manifestName), 2)
		},
		"leftovers of a killed download": func(dir string) error {
			if err := os.Rename(dir, dir+".partial"); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir+".partial", "half.jar"), nil, 0o644)
		},
	}
	for name, harm := range cases {
		t.Run(name, func(t *testing.T) {
			log := fakeMaven(t, goodMaven)
			store := Store{t.TempDir()}
			dir, err := store.Install(t.Context(), "kafka", []byte(pom), quiet)
			if err != nil {
				t.Fatal(err)
			}
			dir = filepath.Dir(dir)
			if err := harm(dir); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Install(t.Context(), "kafka", []byte(pom), quiet); err != nil {
				t.Fatal(err)
			}
			if err := checkManifest(dir); err != nil || calls(t, log) != 2 {
				t.Errorf("after repair: %v, %d calls of mvn, want 2", err, calls(t, log))
			}
			if _, err := os.Stat(filepath.Join(dir, "half.jar")); err == nil {
				t.Error("a leftover file is part of the artefact")
			}
		})
	}
}

func TestInstallSideBySide(t *testing.T) {
	log := fakeMaven(t, "[ -e $out/b.jar ] && exit 9\n"+goodMaven)
	dir := t.TempDir()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := (Store{dir}).Install(t.Context(), "kafka", []byte(pom), quiet); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := calls(t, log); n != 1 {
		t.Errorf("%d calls of mvn for eight installs at once, want 1", n)
	}
}

func TestInstallFails(t *testing.T) {
	cases := []struct{ name, script, want string }{
		{"unresolved", "echo '[ERROR] Could not find artifact a:b:1'; exit 1", "Could not find artifact a:b:1"},
		{"mute", "exit 3", "exit status 3"},
		{"nothing copied", "exit 0", "copied no file"},
		{"no zip", "echo junk >$out/b.zip", "unpack b.zip"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fakeMaven(t, c.script)
			store := Store{t.TempDir()}
			_, err := store.Install(t.Context(), "kafka", []byte(pom), quiet)
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "install kafka") {
				t.Errorf("error = %v, want one of kafka with %q", err, c.want)
			}
			entries, _ := filepath.Glob(filepath.Join(store.Dir, "kafka*"))
			if len(entries) > 0 {
				t.Errorf("left behind: %v", entries)
			}
		})
	}
}

func TestInstallRetries(t *testing.T) {
	log := fakeMaven(t, "[ $(grep -c call "+"$0.once 2>/dev/null || echo 0) = 0 ] && { echo call >$0.once; exit 1; }\n"+goodMaven)
	if _, err := (Store{t.TempDir()}).Install(t.Context(), "kafka", []byte(pom), quiet); err != nil || calls(t, log) != 2 {
		t.Errorf("%v after %d calls, want success after 2", err, calls(t, log))
	}
}

func TestInstallCanBeCancelled(t *testing.T) {
	fakeMaven(t, "echo '[INFO] started'; sleep 60 & wait")
	ctx, cancel := context.WithCancel(t.Context())
	begin := time.Now()
	_, err := (Store{t.TempDir()}).Install(ctx, "kafka", []byte(pom), func(Progress) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if took := time.Since(begin); took > 8*time.Second {
		t.Errorf("took %v: mvn's own child kept it", took)
	}
}
