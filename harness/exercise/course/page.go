package course

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
)

// Page is the name of a lab's English page, the one that is run.
const Page = "README.md"

// ReadPage reads the page in one file of a lab's folder.
func ReadPage(f lab.Folder, file string) (*notebook.Page, error) {
	text, err := fs.ReadFile(f.FS, file)
	if err != nil {
		return nil, fmt.Errorf("read a lab's page: %w", err)
	}
	return notebook.Parse(path.Join(f.Name, file), text)
}

// CheckPage reads the page and compares it with the rest of the folder: the
// solution's files that it shows, and the pages in other languages.
func CheckPage(f lab.Folder) (*notebook.Page, error) {
	page, err := ReadPage(f, Page)
	if err != nil {
		return nil, err
	}
	languages, err := notebook.Languages(f.FS)
	if err != nil {
		return nil, err
	}
	errs := []error{page.CheckFiles(f.Solutions())}
	for _, l := range languages[1:] {
		other, err := ReadPage(f, l.File)
		if err == nil {
			err = notebook.SameCells(page, other)
		}
		errs = append(errs, err)
	}
	return page, errors.Join(errs...)
}

// RefreshPage updates the page's file dir/README.md, where dir is the folder's path:
// first the solution's files, then the outputs of run, which runs the page, and then
// the pages in other languages. It reports whether any file was changed.
func RefreshPage(f lab.Folder, dir string, run func(*notebook.Page) (notebook.Report, error)) (notebook.Report, bool, error) {
	report, changed, err := refreshMain(f, dir, run)
	if err != nil {
		return report, changed, err
	}
	english, err := ReadPage(f, Page)
	if err != nil {
		return report, changed, err
	}
	languages, err := notebook.Languages(f.FS)
	if err != nil {
		return report, changed, err
	}
	for _, l := range languages[1:] {
		other, err := ReadPage(f, l.File)
		if err != nil {
			return report, changed, err
		}
		source, err := other.Follow(english)
		if err != nil {
			return report, changed, err
		}
		changed = changed || string(source) != other.Source()
		if err := other.Write(path.Join(dir, l.File), source); err != nil {
			return report, changed, err
		}
	}
	return report, changed, nil
}

func refreshMain(f lab.Folder, dir string, run func(*notebook.Page) (notebook.Report, error)) (report notebook.Report, changed bool, err error) {
	page, err := ReadPage(f, Page)
	if err != nil {
		return report, false, err
	}
	before := page.Source()
	source, err := page.RefreshFiles(f.Solutions())
	if err == nil {
		err = page.Write(path.Join(dir, Page), source)
	}
	if err == nil {
		page, err = notebook.Parse(page.Name, source)
	}
	if err != nil {
		return report, false, err
	}
	if report, err = run(page); err != nil {
		return report, false, err
	}
	source = page.Refresh(report)
	return report, string(source) != before, page.Write(path.Join(dir, Page), source)
}
