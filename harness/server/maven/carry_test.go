package maven

import (
	"archive/tar"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/fixtures"
)

// installed makes an artefact of one jar in a store, as a download would.
func installed(t *testing.T, s Store, name, content string) (dir string) {
	t.Helper()
	pom, err := fixtures.Pom(name)
	if err != nil {
		t.Fatal(err)
	}
	dir = s.folder(name, pom)
	if err := os.MkdirAll(filepath.Join(dir, name, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name, "a.jar"), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := writeManifest(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestAForeignArtefactIsRefused: what is carried is complete and unpacks, but its
// files aren't those that hoplab was tested with.
func TestAForeignArtefactIsRefused(t *testing.T) {
	from, to := Store{t.TempDir()}, Store{t.TempDir()}
	installed(t, from, "kafka", "not Kafka")
	var file bytes.Buffer
	if err := from.Export(&file, []string{"kafka"}); err != nil {
		t.Fatal(err)
	}
	names, err := to.Import(&file)
	var sum *SumError
	if !errors.As(err, &sum) || sum.Want != fixtures.PomSum("kafka") || len(names) > 0 {
		t.Errorf("imported %v, %v", names, err)
	}
	if left, _ := os.ReadDir(to.Dir); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
}

func TestADownloadIsComparedWithItsSum(t *testing.T) {
	fakeMaven(t, goodMaven)
	s := Store{t.TempDir()}
	_, err := s.InstallPom(t.Context(), "kafka", quiet)
	var sum *SumError
	if !errors.As(err, &sum) || !strings.HasPrefix(err.Error(), "install kafka: its files differ from") || !strings.Contains(sum.Hint(), "~/.m2") {
		t.Errorf("error = %v, want a *SumError", err)
	}
}

func TestEachPomHasASum(t *testing.T) {
	for _, name := range fixtures.Poms() {
		if len(fixtures.PomSum(name)) != 64 {
			t.Errorf("fixtures/poms/SHA256SUMS has no sum of %s", name)
		}
	}
	if len(fixtures.Poms()) < 10 || !slices.Contains(fixtures.Poms(), "elasticsearch-7.6") {
		t.Errorf("poms = %v", fixtures.Poms())
	}
}

// TestExportAndAdopt carries a tree, empty folders and all.
func TestExportAndAdopt(t *testing.T) {
	from, to := Store{t.TempDir()}, t.TempDir()
	dir := installed(t, from, "kafka", "jar")
	var file bytes.Buffer
	if err := from.Export(&file, []string{"kafka"}); err != nil {
		t.Fatal(err)
	}
	if err := unpackTar(&file, to); err != nil {
		t.Fatal(err)
	}
	carried := filepath.Join(to, filepath.Base(dir))
	before, err1 := treeSum(dir)
	after, err2 := treeSum(carried)
	if before != after || err1 != nil || err2 != nil || checkManifest(carried) != nil {
		t.Errorf("carried %s, %v; want %s, %v", after, err2, before, err1)
	}
	if _, err := os.Stat(filepath.Join(carried, "kafka", "empty")); err != nil {
		t.Error(err)
	}
	if err := from.Export(&file, []string{"flink"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what isn't installed was exported: %v", err)
	}
}

func TestBadTars(t *testing.T) {
	for want, header := range map[string]*tar.Header{
		"escapes":                     {Name: "../out", Typeflag: tar.TypeReg, Mode: 0o644},
		"neither a file nor a folder": {Name: "link", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		"more than 4294967296 bytes":  {Name: "big", Typeflag: tar.TypeReg, Size: maxUnpacked + 1},
	} {
		var file bytes.Buffer
		if err := tar.NewWriter(&file).WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := (Store{t.TempDir()}).Import(&file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want an error with %q", header.Name, err, want)
		}
	}
	if _, err := (Store{t.TempDir()}).Import(strings.NewReader("")); err == nil || !strings.Contains(err.Error(), "no artefact of this version") {
		t.Errorf("an empty file: %v", err)
	}
}
