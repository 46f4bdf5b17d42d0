package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/util/printable"
)

const gradeHelp = `grade runs every check of every lab on students' files, the hidden ones too, and
gives points. WHAT is one student's folder, with the labs' folders in it, or a class's,
or a zip of either: Moodle's 'Download all submissions', Canvas's 'Download Submissions',
a classroom's repositories side by side, or one folder or zip per student. Folders and
zips in a student's are searched for the labs. The last lines name the students for
whom nothing could be graded, and why.

Each student gets rows and names of their own, computed from the id on the roster, or
the student's folder's name, and --salt: a hard-coded answer is wrong, and the same
files get the same grade each time. Keep the salt to yourself. If students can read the
reports, or the output of a CI server, give --for-students: hidden checks are then
reported by their outcome alone.

A roster is a CSV file with the columns id and name, and where you have them due and
handed_in; Moodle's grading worksheet and Canvas's exported gradebook are rosters too.
It names the students, finds who handed in nothing, and says what is late. --late says
what that costs, --due when the work was due if the roster doesn't.

--feedback writes a zip with one page per student, HTML and Markdown, that the platform
takes back; --lms-csv writes the grades in the platform's own columns; --similar
lists pairs of students whose answers are alike.

A server that dies meanwhile is started again, and what it was needed for is graded
again on its own. A file that ends a server each time fails.

The exit code is 0 if grading itself worked, whatever the points; 1 if a student has
less than --fail-under; 3 if a check couldn't be run: its lab then has no grade, and
the student's other labs have theirs.

To see how a student's file fails, copy it to work/NN-name and run 'lab work N'.`

const gradeExample = `  lab grade submissions/ada
  lab grade submissions --lab 3,4 --csv points.csv --html report.html --jobs 2
  lab grade class.zip --lab 3 --roster worksheet.csv --late 10%/day,max=50%,grace=15m \
      --feedback feedback.zip --lms-csv grades.csv --items items.csv
  lab grade class.zip --labs ~/course/labs --private ~/course/private --similar alike.md
  lab grade . --junit grade.xml --markdown "$GITHUB_STEP_SUMMARY" --fail-under 50`

// saltVariable names the environment variable that has the salt if the command line doesn't.
const saltVariable = "HOPLAB_SALT"

type gradeOptions struct {
	labs      []string
	student   string
	salt      string
	jobs      int
	failUnder float64
	bare      bool
	students  bool
	files     map[string]*string // by format
	class     classOptions
	labSet    labsOptions
	stack     stackOptions
}

func (a *app) gradeCommand() *cobra.Command {
	o := gradeOptions{files: map[string]*string{}}
	command := &cobra.Command{
		Use: "grade WHAT", Short: "give points for students' files", Long: gradeHelp, Example: gradeExample,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.grade(c.Context(), args[0], o) },
	}
	o.stack.flags(command)
	runFlag(command, &o.stack.run)
	f := command.Flags()
	f.StringSliceVar(&o.labs, "lab", nil, "only these labs, such as 3,4 (default: all; elective ones that somebody has handed in)")
	f.StringVar(&o.student, "student", "", "the student's name, where WHAT is one student's (default: the folder's)")
	f.StringVar(&o.salt, "salt", os.Getenv(saltVariable), "a secret from which the rows are computed, besides the student's name (default: $"+saltVariable+")")
	f.IntVar(&o.jobs, "jobs", 1, "how many students to grade at a time")
	f.BoolVar(&o.bare, "unsafe-sh", false, "run students' scripts with all of your own rights, where the system has no sandbox for them")
	f.BoolVar(&o.students, "for-students", false, "leave out what hidden checks expected and saw")
	f.Float64Var(&o.failUnder, "fail-under", 0, "exit with 1 unless each student has this percentage of the points")
	o.class.flags(f)
	o.labSet.flags(f)
	o.labSet.privateFlag(f)
	for _, format := range report.Formats() {
		o.files[format.Name] = f.String(format.Name, "", format.Help)
	}
	return command
}

func (o gradeOptions) check() error {
	if o.jobs < 1 {
		return usageError{fmt.Errorf("--jobs is %d; it is 1 or more", o.jobs)}
	}
	if o.failUnder < 0 || o.failUnder > 100 {
		return usageError{fmt.Errorf("--fail-under is %v; it is a percentage, 0 to 100", o.failUnder)}
	}
	return nil
}

// chosenLabs returns the labs to be graded.
func (o gradeOptions) chosenLabs() ([]lab.Lab, error) {
	set, err := o.labSet.set()
	if err != nil {
		return nil, err
	}
	all, err := set.All()
	if err != nil {
		return nil, usageError{err}
	}
	return chosen(all, o.labs)
}

// open finds what was handed in. The caller closes it.
func (o gradeOptions) open(at string, labs []lab.Lab) (*handin.Class, error) {
	class, err := handin.Open(at, labs)
	if err != nil {
		return nil, usageError{err}
	}
	switch n := len(class.Submissions); {
	case o.student != "" && n > 1:
		return nil, errors.Join(usageError{fmt.Errorf("--student names one student, but %s has the files of %d", at, n)}, class.Close())
	case o.student != "":
		class.Submissions[0].Student = o.student
	}
	return class, nil
}

func (a *app) grade(ctx context.Context, at string, o gradeOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	labs, err := o.chosenLabs()
	if err != nil {
		return err
	}
	rules, err := o.class.read()
	if err != nil {
		return err
	}
	class, err := o.open(at, labs)
	if err != nil {
		return err
	}
	defer class.Close()
	if len(o.labs) == 0 {
		labs = slices.DeleteFunc(labs, func(l lab.Lab) bool { return l.Elective && !class.Has(l.ID) })
	}
	problems := rules.match(class)
	s, err := a.openGrading(ctx, components(labs), &o.stack)
	if err != nil {
		return err
	}
	defer s.Close(a.err)
	g := s.grader(o.salt)
	g.Bare = o.bare
	servers := a.servers(s, o.jobs)
	defer a.sweep(s, servers)
	report := a.gradeAll(ctx, servers.Grader(g), class.Submissions, labs, o.jobs)
	if err := ctx.Err(); err != nil {
		return err // what was graded so far isn't a report
	}
	rules.lateness(class, report)
	if o.students {
		report = report.ForStudents()
	}
	fmt.Fprintln(a.out)
	report.Print(a.out, a.paint)
	if err := errors.Join(o.write(report), rules.write(class, report, labs)); err != nil {
		return err
	}
	for _, problem := range append(problems, class.Problems()) {
		if problem != "" {
			a.err.Say("%s", printable.Line(problem))
		}
	}
	return o.verdict(report)
}

// components returns what all the labs need.
func components(labs []lab.Lab) (names []string) {
	for _, l := range labs {
		for _, c := range l.Components {
			if !slices.Contains(names, c) {
				names = append(names, c)
			}
		}
	}
	return names
}

// gradeLab grades one lab of one student, whose files are in a folder.
type gradeLab func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade

// gradeAll grades some students at a time, each one's labs in order.
func (a *app) gradeAll(ctx context.Context, one gradeLab, students []handin.Submission, labs []lab.Lab, jobs int) report.Report {
	result := report.Report{Schema: report.SchemaID, Students: make([]report.Student, len(students))}
	places := make(chan struct{}, jobs)
	done := progress{app: a, all: len(students), began: time.Now()}
	var group sync.WaitGroup
	for i, student := range students {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			graded := report.Student{Name: student.Student, Note: student.Problem}
			if student.Entry != nil {
				graded.ID = student.Entry.ID
			}
			for _, l := range labs {
				if ctx.Err() == nil {
					graded.Labs = append(graded.Labs, one(ctx, student.Seed(), l, student.Folder(l.ID)))
				}
			}
			result.Students[i] = graded
			done.next(graded)
		})
	}
	group.Wait()
	return result
}

// progress says who has been graded, and for a class how long the others will take.
type progress struct {
	*app
	lock      sync.Mutex
	done, all int
	began     time.Time
}

func (p *progress) next(s report.Student) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.done++
	points, most := s.Points()
	line := fmt.Sprintf("%s: %d of %d points", printable.Line(s.Name), points, most)
	if p.all > 1 {
		line = fmt.Sprintf("[%d/%d] %s", p.done, p.all, line)
	}
	if left := p.all - p.done; left > 0 {
		rest := time.Since(p.began) / time.Duration(p.done) * time.Duration(left)
		line += fmt.Sprintf(", about %v to go", rest.Round(time.Second))
	}
	p.err.Say("%s", line)
}

// write writes the report in each format that was asked for.
func (o gradeOptions) write(result report.Report) error {
	for _, format := range report.Formats() {
		path := *o.files[format.Name]
		if path == "" {
			continue
		}
		if err := format.Write(result, path); err != nil {
			return err
		}
	}
	return nil
}

func (o gradeOptions) verdict(report report.Report) error {
	below, ungraded := report.Below(o.failUnder)
	switch {
	case len(ungraded) > 0:
		return fmt.Errorf("a check couldn't be run, so there is no total for %s", strings.Join(ungraded, ", "))
	case len(below) > 0:
		return failedError{fmt.Sprintf("less than %v %% of the points: %s", o.failUnder, strings.Join(below, ", "))}
	}
	return nil
}
