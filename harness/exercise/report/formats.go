package report

import (
	"fmt"

	"hoplab.example/harness/util/atomicfile"
)

// Format is a way to write a report to a file.
type Format struct {
	Name   string // what its flag is called, such as "json"
	Help   string
	Render func(Report) ([]byte, error)
}

// Formats returns the formats, in the order in which a person reads of them.
// The same report gives the same bytes in each.
func Formats() []Format {
	return []Format{
		{"json", "write the report as JSON (harness/exercise/report/report.schema.json describes it)", Report.JSON},
		{"junit", "write the report as JUnit XML, for a CI server's list of tests", Report.JUnit},
		{"markdown", "write a summary as Markdown, such as to $GITHUB_STEP_SUMMARY", Report.Markdown},
		{"html", "write the report as one page of HTML, which needs no other file", Report.HTML},
		{"csv", "write the class's points as CSV, a row a student", Report.CSV},
	}
}

// WriteJSON writes the report as JSON, as report.schema.json describes it. The
// file lands whole, as those of the other formats do.
func (r Report) WriteJSON(path string) error { return r.write(path, Report.JSON) }

// WriteJUnit writes the report as JUnit XML.
func (r Report) WriteJUnit(path string) error { return r.write(path, Report.JUnit) }

// WriteMarkdown writes a summary as Markdown. It takes the place of what the
// file held, so that grading twice doesn't say all twice.
func (r Report) WriteMarkdown(path string) error { return r.write(path, Report.Markdown) }

// WriteHTML writes the report as one page of HTML.
func (r Report) WriteHTML(path string) error { return r.write(path, Report.HTML) }

// WriteCSV writes the class's points as CSV.
func (r Report) WriteCSV(path string) error { return r.write(path, Report.CSV) }

func (r Report) write(path string, render func(Report) ([]byte, error)) error {
	text, err := render(r)
	if err == nil {
		err = atomicfile.Write(path, text)
	}
	if err != nil {
		return fmt.Errorf("write the grades to %s: %w", path, err)
	}
	return nil
}
