package harness

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPagesNameWhatIsThere: the files that the pages link to, and the tests that they name
// as the source of a sentence.
func TestPagesNameWhatIsThere(t *testing.T) {
	link, test := regexp.MustCompile(`\]\(([^)#\s]+)`), regexp.MustCompile("`(Test[A-Z]\\w*)(?:/\\w+)?`")
	code := regexp.MustCompile("(?s)(?:^|\n)```.*?\n```")
	tests := testNames(t)
	links, named := 0, 0
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		text = code.ReplaceAll(text, nil)
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], ":") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s, which isn't there", page, m[1])
			}
		}
		for _, m := range test.FindAllStringSubmatch(string(text), -1) {
			named++
			if !tests[m[1]] {
				t.Errorf("%s names the test %s, which isn't there", page, m[1])
			}
		}
	}
	if links < 200 || named < 10 {
		t.Errorf("only %d links and %d tests were found: this looks for them in the wrong way", links, named)
	}
}

// TestSentencesHaveASource: each row of the page of sources has two cells.
func TestSentencesHaveASource(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "sources.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		rows++
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ")
		if len(cells) != 2 && !strings.HasPrefix(line, "|---") || strings.TrimSpace(cells[len(cells)-1]) == "" {
			t.Errorf("docs/sources.md: a row must be a sentence and its source: %s", line)
		}
	}
	if rows < 50 {
		t.Errorf("docs/sources.md has %d rows: this looks for them in the wrong way", rows)
	}
}

// pages returns the repository's Markdown files, but for templates.
func pages(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2 || entry.Name() == "template" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// testNames returns the names of all test functions.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	names := map[string]bool{}
	for _, files := range goFiles(t) {
		for _, path := range files {
			if !strings.HasSuffix(path, "_test.go") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range declared.FindAllSubmatch(text, -1) {
				names[string(m[1])] = true
			}
		}
	}
	return names
}
