package cli

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

// keepers are the files of a run that have to hold passwords. So does Kafka's own data,
// in which Kafka Connect keeps its connectors' configs. Only their user may read them.
var keepers = []string{"secrets.json", "attach.yaml", "server.properties", "connect.properties"}

// secretsOfRun are a cluster's passwords, by component.
func secretsOfRun(c cluster) map[string]string {
	found := map[string]string{}
	for name, login := range c.file.Access() {
		for _, secret := range login.Secrets() {
			found[name] = secret
		}
	}
	return found
}

// secretsStay runs the commands that log in, and then looks for each password in
// what they printed and wrote, in every file of the run, and in what other users of
// the machine see of its processes.
func secretsStay(t *testing.T, c cluster, runs string) {
	secrets := secretsOfRun(c)
	if len(secrets) != 3 {
		t.Fatalf("there are %d passwords, want 3", len(secrets))
	}
	reports := t.TempDir()
	salt := rand.Text() // a constant would be in this program, of which the run has a copy
	t.Setenv(saltVariable, salt)
	secrets["the grader"] = salt
	class := classOf(t, map[string][2]string{"ada": {"", ""}, "bob": {"DOUBLE", "BIGINT"}, "cy": {"'topic'", "'topi'"}})
	for _, args := range [][]string{
		{"status"}, {"status", "--json"}, {"logs", "kafka"}, {"logs", "flink-gateway"}, {"watch", "--once"}, {"doctor"},
		{"watch", "--once", "--attach", c.path},
		{"publish", "--attach", c.path, "--rows", "50"},
		{"run", "--attach", c.path, "--rows", "100", "--report", filepath.Join(reports, "run.json")},
		{"notebook", "3", "--attach", c.path},
		{"preview", "--attach", c.path, "--out", filepath.Join(reports, "preview.html")},
		{"grade", class, "--lab", "3", "--attach", c.path, "--json", filepath.Join(reports, "g.json"), "--junit", filepath.Join(reports, "g.xml"),
			"--html", filepath.Join(reports, "g.html"), "--markdown", filepath.Join(reports, "g.md"), "--csv", filepath.Join(reports, "g.csv")},
		{"grade", class, "--lab", "3", "--run", "class"},
	} {
		r := runLab(t, args...)
		holdsNone(t, secrets, "the output of lab "+strings.Join(args, " "), []byte(r.out+r.err))
		if r.code == exitUsage && !slices.Contains(args, "--run") {
			t.Errorf("lab %s: exit code %d: %s", strings.Join(args, " "), r.code, r.err)
		}
	}
	holdsNoneIn(t, secrets, reports)
	holdsNoneIn(t, secrets, runs)
	seenByOthers(t, secrets)
}

// holdsNone looks for a secret as it is, and as it is written in a URL.
func holdsNone(t *testing.T, secrets map[string]string, where string, text []byte) {
	t.Helper()
	for name, secret := range secrets {
		if i := bytes.Index(text, []byte(secret)); i >= 0 {
			before := text[max(0, i-120):i]
			t.Errorf("the password of %s is in %s, after %q", name, where, before)
		}
	}
}

// holdsNoneIn looks at every file below a folder. One that holds passwords must be
// out of the reach of others.
func holdsNoneIn(t *testing.T, secrets map[string]string, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return nil // what a server has removed meanwhile is none
		}
		info, err := e.Info()
		if err != nil || info.Size() > 64<<20 {
			return nil
		}
		files++
		kept := slices.Contains(keepers, e.Name()) || strings.Contains(path, "/kafka/data/docker-connect-")
		if !kept {
			text, _ := os.ReadFile(path)
			holdsNone(t, secrets, path, text)
		} else if info.Mode().Perm()&0o077 != 0 && !shut(filepath.Dir(path)) {
			t.Errorf("others can read %s, which has passwords: %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("%d files were looked at in %s: %v", files, dir, err)
	}
}

// shut says whether others can't pass one of the folders that lead to a file.
func shut(dir string) bool {
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o011 == 0 {
			return true
		}
	}
	return false
}

// seenByOthers looks at the command lines of all processes, which every user of the
// machine can read.
func seenByOthers(t *testing.T, secrets map[string]string) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil || len(lines) == 0 {
		t.Skip("skipped because there is no /proc to see processes in")
	}
	for _, path := range lines {
		if text, err := os.ReadFile(path); err == nil {
			holdsNone(t, secrets, fmt.Sprintf("%s: %.80q", path, text), text)
		}
	}
}

// TestSecretsAreFound shows that the checks above can fail.
func TestSecretsAreFound(t *testing.T) {
	dir := t.TempDir()
	secrets := map[string]string{"kafka": access.Hide("s3cr3t").Reveal()}
	for name, mode := range map[string]fs.FileMode{"kafka.log": 0o600, "server.properties": 0o600} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("password=s3cr3t"), mode); err != nil {
			t.Fatal(err)
		}
	}
	probe := &testing.T{}
	holdsNone(probe, secrets, "a text", []byte("x s3cr3t"))
	if !probe.Failed() {
		t.Error("a password in a text isn't seen")
	}
	probe = &testing.T{}
	holdsNoneIn(probe, secrets, dir)
	if !probe.Failed() {
		t.Error("a password in a log isn't seen")
	}
	if err := os.Remove(filepath.Join(dir, "kafka.log")); err != nil {
		t.Fatal(err)
	}
	holdsNoneIn(t, secrets, dir)
}
