package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// TestIsStatic builds one small program both ways.
func TestIsStatic(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("skipped because only Linux programs are looked at")
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "program")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", path, source)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH=amd64", "GO111MODULE=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if !isStatic(path, "amd64") || isStatic(path, "arm64") || isStatic(path, "sparc") {
		t.Error("a static program for amd64 isn't seen as one, or is one for others too")
	}
	if isStatic(source, "amd64") || isStatic(path+".none", "amd64") {
		t.Error("a text, or nothing, is a static program")
	}
	if found, err := Static(t.Context(), path, dir, "amd64"); err != nil || found != path {
		t.Errorf("%s, %v: want our own program", found, err)
	}
	if err := Possible(path, "amd64"); err != nil {
		t.Error(err)
	}
	t.Setenv("PATH", dir)
	if err := Possible(source, "amd64"); err == nil {
		t.Error("a program can be built without go")
	}
	if root, err := sources(); err != nil || filepath.Base(filepath.Dir(root)) == "" {
		t.Errorf("sources: %s, %v", root, err)
	}
}
