package mdtable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var place = Place{What: "the table", Begin: "<!-- from here -->", End: "<!-- until here -->"}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWrite(t *testing.T) {
	const before, after = "# Title\n\nProse.\n\n", "\n\nMore prose.\n"
	path := file(t, before+place.Begin+"\nold\n"+place.End+after)
	for range 2 { // the second time changes nothing
		if err := place.Write(path, "| new |\n"); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if want := before + place.Begin + "\n\n| new |\n\n" + place.End + after; err != nil || string(text) != want {
			t.Errorf("%v, file =\n%s\nwant\n%s", err, text, want)
		}
	}
	if got, err := place.Read(path); err != nil || got != "| new |\n" {
		t.Errorf("Read = %q, %v", got, err)
	}
}

func TestNoPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "no place for the table",
		place.Begin:                    "no place for the table",
		place.End + "\n" + place.Begin: "no place for the table",
		strings.Repeat(place.Begin+"\n"+place.End+"\n", 2): "more than one place",
	} {
		path := file(t, text)
		_, err := place.Read(path)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), place.End) {
			t.Errorf("%q: %v", text, err)
		}
		if err := place.Write(path, "x"); err == nil {
			t.Errorf("%q was written to", text)
		}
		if left, _ := os.ReadFile(path); string(left) != text {
			t.Errorf("%q was changed to %q", text, left)
		}
	}
	if _, err := place.Read(filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("an absent file is read")
	}
}
