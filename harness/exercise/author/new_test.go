package author

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/atomicfile"
)

// checkedOut writes the good checkout into a folder, and returns its labs' one.
func checkedOut(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, files()); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "labs")
}

func open(t *testing.T, labs string) lab.Set {
	t.Helper()
	c, err := lab.Open(labs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestNewLabLacksOnlyWhatIsMarked: of a new lab, Lint reports nothing but what its
// author must write.
func TestNewLabLacksOnlyWhatIsMarked(t *testing.T) {
	labs := checkedOut(t)
	made, err := New(labs, "08-alerts")
	if err != nil || len(made) != 4 {
		t.Fatalf("%q, %v", made, err)
	}
	c := open(t, labs)
	left := ToWrite(c, "08-alerts")
	r := lint(t, c)
	if r.Labs != 2 || r.Checks != 3 || len(left) == 0 || !slices.Equal(r.Problems, left) {
		t.Errorf("%s: lint reports\n%v\nwant what is marked:\n%v", r.Summary(), r.Problems, left)
	}
	marked := map[string]int{}
	for _, p := range left {
		if p.Rule != Unwritten || !strings.HasPrefix(p.Message, Fixme) {
			t.Errorf("%s: %s", p.Rule, p)
		}
		marked[p.File]++
	}
	for _, path := range made {
		name, _ := filepath.Rel(filepath.Dir(labs), path)
		if marked[filepath.ToSlash(name)] == 0 {
			t.Errorf("nothing is left to write in %s", name)
		}
	}
}

func TestNewOverwritesNothing(t *testing.T) {
	labs := checkedOut(t)
	before, _ := os.ReadFile(filepath.Join(labs, "03-flink", "lab.yaml"))
	for name, want := range map[string]string{
		"03-flink": "the number 03 is already used by", "03-other": "the number 03 is already used by",
		"3-flink": "can't be called", "08": "can't be called", "08-": "can't be called", "08-Alerts": "can't be called",
		"08--x": "can't be called", "00-none": "can't be called", "../08-x": "can't be called", "08-x/y": "can't be called", "": "can't be called",
	} {
		made, err := New(labs, name)
		var bad *NameError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) || made != nil {
			t.Errorf("%q: %q, %v, want %s", name, made, err, want)
		}
	}
	if after, err := os.ReadFile(filepath.Join(labs, "03-flink", "lab.yaml")); err != nil || string(after) != string(before) {
		t.Errorf("lab 3 was changed: %v\n%s", err, after)
	}
	entries, _ := os.ReadDir(labs)
	if len(entries) != 3 {
		t.Errorf("there is more than before: %v", entries)
	}
	if err := atomicfile.Create(filepath.Join(labs, "README.md"), nil); !errors.Is(err, fs.ErrExist) {
		t.Errorf("writing what is there: %v", err)
	}
	if _, err := New(filepath.Join(labs, "gone"), "08-x"); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("in a folder that isn't there: %v", err)
	}
}

func TestOpen(t *testing.T) {
	labs := checkedOut(t)
	if folder, err := lab.Default(filepath.Join(labs, "03-flink")); err != nil || folder != labs {
		t.Errorf("the labs' folder is %s, %v, want %s", folder, err, labs)
	}
	if err := os.Remove(filepath.Join(labs, "..", "go.mod")); err != nil {
		t.Fatal(err)
	}
	if folder, err := lab.Default(labs); err == nil {
		t.Errorf("without a checkout: %s", folder)
	}
	// All links stay in the folder.
	if r := lint(t, open(t, labs)); len(r.Problems) > 0 || r.Labs != 1 {
		t.Errorf("without a checkout: %v", r.Problems)
	}
	if _, err := lab.Open(filepath.Join(labs, "gone")); err == nil || !strings.Contains(err.Error(), "gone") {
		t.Errorf("a folder that isn't there: %v", err)
	}
}

// TestSolutionsThatAreKeptElsewhere: where a lab's folder lacks a file of its
// solution, the checkout may have it where the pipeline takes it from.
func TestSolutionsThatAreKeptElsewhere(t *testing.T) {
	checkout := os.DirFS(filepath.Dir(checkedOut(t)))
	for _, dir := range []string{"labs", "courses"} {
		s, err := lab.In(checkout, dir)
		if err != nil {
			t.Fatal(err)
		}
		if label, text, err := s.Folder("03-flink").Solution("tables.sql"); label != "labs/03-flink/solution/tables.sql" || string(text) != "SELECT 1;\n" || err != nil {
			t.Errorf("tables.sql of %s: %s, %q, %v", dir, label, text, err)
		}
		if label, _, err := s.Folder("03-flink").Solution("gone.sql"); label != dir+"/03-flink/solution/gone.sql" || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file that isn't there: %s, %v", label, err)
		}
	}
}

// TestLinksThatLeaveTheCheckout: a file that is there by a link out of the
// checkout isn't there for others.
func TestLinksThatLeaveTheCheckout(t *testing.T) {
	labs := checkedOut(t)
	file := filepath.Join(labs, "03-flink", "hops.svg")
	if err := errors.Join(os.Remove(file), os.Symlink("/etc/passwd", file)); err != nil {
		t.Skipf("skipped because there are no links here: %v", err)
	}
	want := `labs/03-flink/README.md:7: the image "hops.svg" leads to labs/03-flink/hops.svg, which isn't there`
	if r := lint(t, open(t, labs)); !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.String() == want }) {
		t.Errorf("found %v, want %s", r.Problems, want)
	}
}
