package cli

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"hoplab.example/harness/exercise/feedback"
	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/similar"
	"hoplab.example/harness/util/atomicfile"
)

// classOptions are what a teacher gives and gets for a class.
type classOptions struct {
	roster, due, late                 string
	feedback, lmsCSV, column, similar string
}

func (o *classOptions) flags(f *pflag.FlagSet) {
	f.StringVar(&o.roster, "roster", "", "a CSV file of the class: id, name, due, handed_in; or Moodle's worksheet, or Canvas's gradebook")
	f.StringVar(&o.due, "due", "", "when the work was due, such as 2026-11-27 23:59, where the roster doesn't say")
	f.StringVar(&o.late, "late", "", "what being late costs, such as 10%/day,max=50%,grace=15m (default: it is marked, and costs nothing)")
	f.StringVar(&o.feedback, "feedback", "", "write a zip with a page of feedback per student, which Moodle and Canvas take back")
	f.StringVar(&o.lmsCSV, "lms-csv", "", "write the grades in Moodle's or Canvas's columns")
	f.StringVar(&o.column, "column", "", "the column of Canvas's gradebook that gets the grades")
	f.StringVar(&o.similar, "similar", "", "write as Markdown which students' answers are alike")
}

// classRules is what the options say, read.
type classRules struct {
	classOptions
	roster *handin.Roster
	due    time.Time
	late   handin.LateRule
}

// read reads the roster and the rule, before anything is graded.
func (o classOptions) read() (r classRules, err error) {
	r.classOptions = o
	if o.roster != "" {
		if r.roster, err = handin.ReadRoster(o.roster); err != nil {
			return r, usageError{err}
		}
	}
	if o.due != "" {
		if r.due, err = handin.ParseTime(o.due); err != nil {
			return r, usageError{fmt.Errorf("--due: %w", err)}
		}
	}
	if r.late, err = handin.ParseLate(o.late); err != nil {
		return r, usageError{fmt.Errorf("--late: %w", err)}
	}
	return r, nil
}

// match finds the students on the roster, and says who isn't there.
func (r classRules) match(class *handin.Class) (problems []string) {
	if r.roster == nil {
		return nil
	}
	absent, problems := class.Match(r.roster)
	var names []string
	for _, e := range absent {
		names = append(names, fmt.Sprintf("%s (%s)", e.Name, e.ID))
	}
	if len(names) > 0 {
		problems = append(problems, "nothing was handed in by "+strings.Join(names, ", "))
	}
	return problems
}

// lateness notes in the grades what came late, and what that costs.
func (r classRules) lateness(class *handin.Class, grades report.Report) {
	for i, s := range class.Submissions {
		grades.Students[i].Late, grades.Students[i].Off = s.Late(r.late, r.due)
	}
}

// write writes what a learning platform takes back, and who is like whom.
func (r classRules) write(class *handin.Class, grades report.Report, labs []lab.Lab) error {
	var errs []error
	for _, out := range []struct {
		what, path string
		text       func() ([]byte, error)
	}{
		{"the feedback", r.feedback, func() ([]byte, error) { return feedback.Zip(class.Submissions, grades) }},
		{"the grades", r.lmsCSV, func() ([]byte, error) { return feedback.CSV(class.Submissions, grades, r.roster, r.column) }},
		{"who is like whom", r.similar, func() ([]byte, error) { return similar.Report(class.Submissions, labs) }},
	} {
		if out.path == "" {
			continue
		}
		text, err := out.text()
		if err == nil {
			err = atomicfile.Write(out.path, text)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("write %s to %s: %w", out.what, out.path, err))
		}
	}
	return errors.Join(errs...)
}
