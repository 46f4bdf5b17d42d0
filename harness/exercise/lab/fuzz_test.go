package lab

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"hoplab.example/labs"
)

var problemPlace = regexp.MustCompile(`^03-flink/lab\.yaml:([0-9]+): .`)

// lines has all that ends a line in YAML.
var lines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// FuzzRead: a lab.yaml that is read has what a lab needs, and reads the same once
// it was written again; of any other each problem has a line of the file.
func FuzzRead(f *testing.F) {
	f.Add(good)
	for _, id := range []string{"01-publish", "03-flink", "05-kibana"} {
		text, err := labs.Files.ReadFile(id + "/" + File)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(strings.Replace(good, "id: rows", "id: runs", 1))
	f.Add("title: &a [*a]\nchecks: [{limit: 1e3s}, null]\n---\ntitle: b\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := read(files(text), "03-flink")
		if err != nil {
			checkPlaces(t, text, err)
			if l.ID != "" || l.Checks != nil {
				t.Errorf("%q: an error, and the lab %+v", text, l)
			}
			return
		}
		checkComplete(t, l)
		written, err := yaml.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read(files(string(written)), "03-flink")
		if err != nil {
			t.Fatalf("%q was read, but not as it was written again:\n%s\n%v", text, written, err)
		}
		if twice, _ := yaml.Marshal(again); string(twice) != string(written) {
			t.Errorf("%q became\n%s\nand then\n%s", text, written, twice)
		}
	})
}

// checkPlaces wants each error's line to be one of the text's.
func checkPlaces(t *testing.T, text string, err error) {
	t.Helper()
	last := 1 + strings.Count(lines.Replace(text), "\n")
	for _, e := range problems(err) {
		m := problemPlace.FindStringSubmatch(e)
		if m == nil {
			t.Errorf("%q: an error without a place: %s", text, e)
			continue
		}
		if line, err := strconv.Atoi(m[1]); err != nil || line < 1 || line > last {
			t.Errorf("%q: the error is beyond line %d: %s", text, last, e)
		}
	}
}

func problems(err error) (texts []string) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			texts = append(texts, problems(e)...)
		}
		return texts
	}
	return []string{err.Error()}
}

func checkComplete(t *testing.T, l Lab) {
	t.Helper()
	if l.Title == "" || l.Rows <= 0 || len(l.Files) == 0 || len(l.Checks) == 0 || l.Points() < 0 {
		t.Errorf("it lacks something: %+v", l)
	}
	before := map[string]bool{}
	for _, c := range l.Checks {
		if c.ID == "" || c.Run == "" || c.Points < 0 || c.Limit < 0 || before[c.ID] {
			t.Errorf("check %+v", c)
		}
		for _, id := range c.After {
			if !before[id] {
				t.Errorf("check %s is after %q, which isn't before it", c.ID, id)
			}
		}
		before[c.ID] = true
	}
	for _, name := range l.Files {
		if strings.ContainsAny(name, "/\x00") || name == ".." || name == "." {
			t.Errorf("file %q leads out of the lab's folder", name)
		}
	}
}
