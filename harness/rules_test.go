// Package harness holds the tests of the rules that hold for every package: they
// read the repository's own source, and start nothing.
package harness

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = ".."

// goFiles returns the Go files of the repository, by folder.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	folders := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func parse(t *testing.T, path string) *ast.File {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestEachPackageHasOneComment(t *testing.T) {
	folders := goFiles(t)
	if len(folders) < 20 {
		t.Fatalf("only %d folders hold Go files: this looks in the wrong place", len(folders))
	}
	for folder, files := range folders {
		var with []string
		for _, path := range files {
			if parse(t, path).Doc != nil {
				with = append(with, filepath.Base(path))
			}
		}
		if len(with) != 1 {
			t.Errorf("%s has %d package comments, want 1: %v", folder, len(with), with)
		}
	}
}

func TestExportedNamesAreDocumented(t *testing.T) {
	for _, files := range goFiles(t) {
		for _, path := range files {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, decl := range parse(t, path).Decls {
				if f, ok := decl.(*ast.FuncDecl); ok && f.Doc == nil && f.Name.IsExported() && !implements(f) {
					t.Errorf("%s: %s has no comment", path, f.Name.Name)
				}
			}
		}
	}
}

// implements reports a method, whose interface most often says what it does, or
// which a type that isn't exported has.
func implements(f *ast.FuncDecl) bool { return f.Recv != nil }

// TestFilesAreSmall: a file that has grown long holds more than one thing.
func TestFilesAreSmall(t *testing.T) {
	const limit = 300
	for _, files := range goFiles(t) {
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if lines := strings.Count(string(text), "\n"); lines > limit {
				t.Errorf("%s has %d lines, more than %d: split it", path, lines, limit)
			}
		}
	}
}

// TestSkipsSayWhy: what reads the tests' output looks for these words.
func TestSkipsSayWhy(t *testing.T) {
	skip := regexp.MustCompile(`\b[tb]\.Skip(f|Now)?\((.{0,17})`)
	seen := 0
	for _, files := range goFiles(t) {
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, call := range skip.FindAllSubmatch(text, -1) {
				seen++
				if said := string(call[2]); said != `"skipped because ` && !strings.HasPrefix(said, `skipped+"`) {
					t.Errorf("%s: a skip doesn't begin with \"skipped because\": %s", path, call[0])
				}
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d skips were found: this looks for them in the wrong way", seen)
	}
}

// TestNoSleepInTheProgram: readiness is asked, never slept for. Tests, and the
// packages that only help them, may pause between two questions.
func TestNoSleepInTheProgram(t *testing.T) {
	sleep := regexp.MustCompile(`\btime\.Sleep\(`)
	for folder, files := range goFiles(t) {
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(folder, "test") && sleep.Match(text) {
				t.Errorf("%s sleeps", path)
			}
		}
	}
}
