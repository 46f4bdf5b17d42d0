package notebook

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
)

// English is the tag of the language whose page is run and refreshed.
const English = "en"

// Language is a lab's page in one language.
type Language struct {
	Tag  string // as in BCP 47, such as "en" or "eu"
	File string // README.md, or README.TAG.md
}

var pageName = regexp.MustCompile(`^README(?:\.([a-z]{2,3}(?:-[A-Za-z0-9]+)*))?\.md$`)

// Languages returns the pages of a lab's folder: the English one first, then the
// others, shorter tags before longer ones. A folder without README.md is an error.
func Languages(lab fs.FS) ([]Language, error) {
	entries, err := fs.ReadDir(lab, ".")
	if err != nil {
		return nil, fmt.Errorf("look for a lab's pages: %w", err)
	}
	var found []Language
	for _, e := range entries {
		if m := pageName.FindStringSubmatch(e.Name()); m != nil && !e.IsDir() {
			found = append(found, Language{cmp.Or(m[1], English), e.Name()})
		}
	}
	// README.md comes after README.eu.md by its name.
	slices.SortFunc(found, func(a, b Language) int {
		return cmp.Or(cmp.Compare(len(a.File), len(b.File)), cmp.Compare(a.Tag, b.Tag))
	})
	if len(found) == 0 || found[0].File != "README.md" {
		return nil, fmt.Errorf("look for a lab's pages: there is no README.md, the English page")
	}
	return found, nil
}

// SameCells returns how the cells of a lab's page in another language differ from
// those of the English page, with places in the other one. Kinds, attributes, code
// and outputs must be the same, since only the English cells are run.
func SameCells(english, other *Page) error {
	var errs []error
	fail := func(line int, format string, args ...any) {
		errs = append(errs, &Error{File: other.Name, Line: line, Reason: fmt.Sprintf(format, args...)})
	}
	for i := range min(len(english.Cells), len(other.Cells)) {
		e, o := english.Cells[i], other.Cells[i]
		if e.head() != o.head() {
			fail(o.Line, "the cell is %s, but the one at %s:%d is %s", o.head(), english.Name, e.Line, e.head())
			return errors.Join(errs...) // the later ones are shifted
		}
		if e.Code != o.Code {
			line, _ := firstChange(o.Code, e.Code)
			fail(o.Line+line, "the code differs from %s:%d", english.Name, e.Line+line)
		}
		errs = append(errs, sameOutput(e, o))
	}
	switch e, o := english.Cells, other.Cells; {
	case len(o) > len(e):
		fail(o[len(e)].Line, "the cell %s is not in %s", o[len(e)].Name(), english.Name)
	case len(o) < len(e):
		fail(1, "the cell %s of %s:%d is missing here", e[len(o)].Name(), english.Name, e[len(o)].Line)
	}
	return errors.Join(errs...)
}

func sameOutput(e, o Cell) error {
	switch {
	case (e.Output == nil) != (o.Output == nil):
		return &Error{File: o.Page, Line: o.Line, Reason: fmt.Sprintf("only one of this cell and the one at %s:%d shows an output", e.Page, e.Line)}
	case e.Output != nil && e.Output.Text != o.Output.Text:
		return &Error{File: o.Page, Line: o.Output.Line, Reason: fmt.Sprintf("the output differs from %s:%d: refresh the pages", e.Page, e.Output.Line)}
	}
	return nil
}

// head describes a cell without its text and place.
func (c Cell) head() string {
	text := string(c.Kind)
	for _, a := range []struct {
		has  bool
		text string
	}{
		{c.ID != "", " id=" + c.ID}, {c.File != "", " file=" + c.File}, {c.Limit > 0, " timeout=" + c.Limit.String()},
		{c.NoRun, " norun"}, {c.Fails, " fails"},
	} {
		if a.has {
			text += a.text
		}
	}
	return text
}

// Follow returns the page's source with the code and the outputs of the English
// page's cells. It is an error if the two don't have the same cells.
func (p *Page) Follow(english *Page) ([]byte, error) {
	var edits []edit
	if len(p.Cells) != len(english.Cells) {
		return nil, SameCells(english, p)
	}
	for i, e := range english.Cells {
		o := p.Cells[i]
		if e.head() != o.head() || (e.Output == nil) != (o.Output == nil) {
			return nil, SameCells(english, p)
		}
		if e.Code != o.Code {
			edits = append(edits, edit{o.body, p.lines(e.Code)})
		}
		if e.Output != nil && e.Output.Text != o.Output.Text {
			edits = append(edits, p.show(*o.Output, e.Output.Text))
		}
	}
	return p.checked(p.apply(edits))
}
