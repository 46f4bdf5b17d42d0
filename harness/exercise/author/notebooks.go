package author

import (
	"errors"
	"io/fs"
	"path"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
)

// notebooks checks a lab's page and the same in other languages. defined says
// that the lab's lab.yaml could be read.
func (l *linter) notebooks(dir string, found lab.Lab, defined bool) {
	languages, err := notebook.Languages(l.Folder(path.Base(dir)).FS)
	if err != nil {
		l.add(NoPage, path.Join(dir, "README.md"), 1, "%v", err)
		return
	}
	var english *notebook.Page
	for _, language := range languages {
		file := path.Join(dir, language.File)
		p := l.notebook(file)
		if defined {
			l.points(file, found)
		}
		switch {
		case language.Tag == notebook.English:
			english = p
			if p != nil && defined {
				l.found(Page, file, p.CheckFiles(found.Folder.Solutions()))
			}
		case english != nil && p != nil:
			l.found(Language, file, notebook.SameCells(english, p))
			l.sameCommands(path.Join(dir, "README.md"), file)
		}
	}
}

// sameCommands reports commands of lab that only one of a page's languages names, outside
// of cells.
func (l *linter) sameCommands(english, other string) {
	e, err := l.page(english)
	if err != nil {
		return // following its links reports it
	}
	o, err := l.page(other)
	if err != nil {
		return
	}
	for command, line := range e.commands {
		if o.commands[command] == 0 {
			l.add(Language, other, 1, "%s, at %s:%d, is missing here", command, english, line)
		}
	}
	for command, line := range o.commands {
		if e.commands[command] == 0 {
			l.add(Language, other, line, "%s is not in %s", command, english)
		}
	}
}

// notebook returns a page, or nil after it has reported what is wrong with it.
func (l *linter) notebook(file string) *notebook.Page {
	source, err := fs.ReadFile(l.Checkout, file)
	if err != nil {
		return nil // following its links reports it
	}
	p, err := notebook.Parse(file, source)
	if err != nil {
		l.found(Page, file, err)
		return nil
	}
	return p
}

// found reports what package notebook has found in a page.
func (l *linter) found(rule Rule, file string, err error) {
	if err == nil {
		return
	}
	for _, err := range each(err) {
		var e *notebook.Error
		if errors.As(err, &e) {
			l.add(rule, e.File, e.Line, "%s", e.Reason)
		} else {
			l.add(rule, file, 1, "%v", err)
		}
	}
}

func (l *linter) points(file string, found lab.Lab) {
	p, err := l.page(file)
	if err == nil && p.pointsLine > 0 && p.points != found.Points() {
		l.add(Points, file, p.pointsLine, "the page says %s, but the checks of %s have %d", count(p.points, "point"), lab.File, found.Points())
	}
}
