package notebook

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func TestLanguages(t *testing.T) {
	lab := fstest.MapFS{"README.md": {}, "README.eu.md": {}, "README.pt-BR.md": {}, "README.txt": {}, "README.Eu.md": {}, "lab.yaml": {}, "README.de.md/x": {}}
	got, err := Languages(lab)
	if want := "[{en README.md} {eu README.eu.md} {pt-BR README.pt-BR.md}]"; err != nil || fmt.Sprint(got) != want {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
	if _, err := Languages(fstest.MapFS{"README.eu.md": {}}); err == nil || !strings.Contains(err.Error(), "no README.md") {
		t.Errorf("got %v", err)
	}
}

func inBasque(t *testing.T, lines ...string) *Page {
	t.Helper()
	p, err := Parse("README.eu.md", []byte(page(lines...)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSameCells(t *testing.T) {
	english := mustParse(t, page("One", "", sh("id=a", "x"), output("1"), sh("id=b fails", "y")))
	for _, test := range []struct {
		lines []string
		want  string
	}{
		{[]string{sh("id=a", "x"), output("1"), "Bi", sh("fails id=b", "y")}, ""},
		{[]string{sh("id=a", "x"), output("1"), sh("id=b", "y")}, "README.eu.md:7: the cell is sh id=b, but the one at README.md:9 is sh id=b fails"},
		{[]string{sh("id=a", "z"), output("1"), sh("id=b fails", "y")}, "README.eu.md:2: the code differs from README.md:4"},
		{[]string{sh("id=a", "x"), output("2"), sh("id=b fails", "y")}, "README.eu.md:4: the output differs from README.md:6"},
		{[]string{sh("id=a", "x"), sh("id=b fails", "y")}, "README.eu.md:1: only one of this cell and the one at README.md:3 shows an output"},
		{[]string{sh("id=a", "x"), output("1")}, "README.eu.md:1: the cell b of README.md:9 is missing here"},
		{[]string{sh("id=a", "x"), output("1"), sh("id=b fails", "y"), sh("id=c", "")}, "README.eu.md:10: the cell c is not in README.md"},
	} {
		err := SameCells(english, inBasque(t, test.lines...))
		if got := fmt.Sprint(err); test.want == "" && err != nil || test.want != "" && !strings.HasPrefix(got, test.want) {
			t.Errorf("%q\ngot  %v\nwant %s", test.lines, err, test.want)
		}
	}
}

func TestFollow(t *testing.T) {
	english := mustParse(t, page("One", "", sh("id=a", "new"), output("new"), sh("id=b", "y")))
	other := inBasque(t, "Bat", sh("id=a", "old"), "", output("old"), "Bi", sh("id=b", "y"))
	got, err := other.Follow(english)
	if want := page("Bat", sh("id=a", "new"), "", output("new"), "Bi", sh("id=b", "y")); err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := inBasque(t, sh("id=a", "")).Follow(english); err == nil {
		t.Error("a page without a cell follows")
	}
	if _, err := inBasque(t, sh("id=a", ""), sh("id=b", "")).Follow(english); err == nil {
		t.Error("a page without an output follows")
	}
}
