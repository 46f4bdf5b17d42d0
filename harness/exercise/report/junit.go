package report

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/verify/hop"
)

// The elements are those that Jenkins, GitLab and GitHub's test reporters read.
type (
	junitReport struct {
		XMLName xml.Name `xml:"testsuites"`
		junitCounts
		Suites []junitSuite `xml:"testsuite"`
	}
	junitCounts struct {
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
	}
	junitSuite struct {
		Name string `xml:"name,attr"`
		junitCounts
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class   string     `xml:"classname,attr"`
		Name    string     `xml:"name,attr"`
		Time    string     `xml:"time,attr"`
		Failure *junitText `xml:"failure"`
		Error   *junitText `xml:"error"`
		Skipped *junitText `xml:"skipped"`
	}
	junitText struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit returns the report as JUnit XML: a test suite for each lab of a
// student, a test case for each check. Times are in seconds.
func (r Report) JUnit() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	var all junitReport
	var checks []Check
	for _, s := range r.Students {
		for _, l := range s.Labs {
			all.Suites = append(all.Suites, l.suite(s.Name))
			checks = append(checks, l.Checks...)
		}
	}
	all.junitCounts = counted(checks)
	text, err := xml.MarshalIndent(all, "", "  ")
	return append([]byte(xml.Header), append(text, '\n')...), err
}

func (l Grade) suite(student string) junitSuite {
	points, most := l.Points()
	suite := junitSuite{Name: cell(student + ": " + l.ID), junitCounts: counted(l.Checks)}
	suite.Properties = []junitProperty{{"points", of(points, most, l.Sound())}}
	for _, c := range l.Checks {
		suite.Cases = append(suite.Cases, c.testcase(student, l.ID))
	}
	return suite
}

func (c Check) testcase(student, lab string) junitCase {
	// Readers split class names at dots: the student becomes a group.
	class := strings.ReplaceAll(cell(student), ".", "_") + "." + cell(lab)
	test := junitCase{Class: class, Name: cell(c.ID + ": " + c.Title), Time: seconds(c.Took)}
	text := &junitText{Message: cell(c.because()), Text: c.details()}
	switch c.Outcome {
	case hop.Failed:
		text.Message = cell(of(c.Points, c.Max, true) + " points: " + c.because())
		test.Failure = text
	case hop.Error:
		test.Error = text
	case hop.Skipped:
		test.Skipped = &junitText{Message: text.Message}
	}
	return test
}

// details returns what there is to know of a check, each part under its name.
func (c Check) details() string {
	var out strings.Builder
	for _, part := range []struct{ name, text string }{
		{"reason", c.Reason}, {"expected", c.Expected}, {"actual", c.Actual}, {"why this is checked", c.Rationale}, {"hint", c.Hint},
	} {
		if part.text != "" {
			fmt.Fprintf(&out, "%s:\n%s\n", part.name, strings.TrimSuffix(shown(part.text, pageText), "\n"))
		}
	}
	return out.String()
}

func counted(checks []Check) junitCounts {
	counts := junitCounts{Tests: len(checks)}
	var took time.Duration
	for _, c := range checks {
		took += c.Took
		switch c.Outcome {
		case hop.Failed:
			counts.Failures++
		case hop.Error:
			counts.Errors++
		case hop.Skipped:
			counts.Skipped++
		}
	}
	counts.Time = seconds(took)
	return counts
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
