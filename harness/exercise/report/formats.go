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
		{"csv", "write the class's points as CSV, one row per student", Report.CSV},
		{"classroom", "write one student's grades as GitHub Classroom's autograding reporter reads them", Report.Classroom},
		{"items", "write as CSV how many students passed and failed each check", Report.ItemsCSV},
	}
}

// Write writes the report to a file, which appears whole or not at all. It takes the
// place of what the file held, so that grading twice doesn't report twice.
func (f Format) Write(r Report, path string) error {
	text, err := f.Render(r)
	if err == nil {
		err = atomicfile.Write(path, text)
	}
	if err != nil {
		return fmt.Errorf("write the grades to %s: %w", path, err)
	}
	return nil
}
