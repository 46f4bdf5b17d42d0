package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/util/printable"
)

const gradeHelp = `grade makes every check of every lab on students' files, the hidden ones too, and
gives points. DIR is one student's folder, with the labs' folders in it, or a class's,
with one folder or zip per student, as Moodle and GitHub hand them out. Folders and
zips in a student's are searched for the labs. The last line names the students for
whom nothing could be graded, and why.

Each student gets rows and names of their own, computed from the student's folder's
name and --salt: a hard-coded answer is wrong, and the same files get the same grade
each time. Keep the salt to yourself. If students can read the reports, or the output
of a CI server, give --for-students: hidden checks are then reported by their outcome
alone.

A server that dies meanwhile is started again, and what it was needed for is graded
again with nothing beside it. A file that ends a server each time fails.

The exit code is 0 if grading itself worked, whatever the points; 1 if a student has
less than --fail-under; 3 if a check couldn't be made: its lab then has no grade, and
the student's other labs have theirs.

To see how a student's file fails, copy it to work/NN-name and run 'lab work N'.`

const gradeExample = `  lab grade submissions/ada
  lab grade submissions --lab 3,4 --csv points.csv --html report.html
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
	stack     stackOptions
}

func (a *app) gradeCommand() *cobra.Command {
	o := gradeOptions{files: map[string]*string{}}
	command := &cobra.Command{
		Use: "grade DIR", Short: "give points for students' files", Long: gradeHelp, Example: gradeExample,
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return a.grade(c.Context(), args[0], o) },
	}
	o.stack.flags(command)
	runFlag(command, &o.stack.run)
	f := command.Flags()
	f.StringSliceVar(&o.labs, "lab", nil, "only these labs, such as 3,4 (default: all)")
	f.StringVar(&o.student, "student", "", "the student's name, where DIR is one student's (default: the folder's)")
	f.StringVar(&o.salt, "salt", os.Getenv(saltVariable), "a secret from which the rows are computed, besides the student's name (default: $"+saltVariable+")")
	f.IntVar(&o.jobs, "jobs", 1, "how many students to grade at a time")
	f.BoolVar(&o.bare, "unsafe-sh", false, "run students' scripts with all of your own rights, where the system has no sandbox for them")
	f.BoolVar(&o.students, "for-students", false, "leave out what hidden checks expected and saw")
	f.Float64Var(&o.failUnder, "fail-under", 0, "exit with 1 unless each student has this percentage of the points")
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

// lessons returns the labs to be graded.
func (o gradeOptions) lessons() ([]lab.Lab, error) {
	all, err := lab.Ours().All()
	if err != nil {
		return nil, err
	}
	return chosen(all, o.labs)
}

// class finds what was handed in. The caller closes it.
func (o gradeOptions) class(dir string, lessons []lab.Lab) (*grade.Class, error) {
	class, err := grade.FindSubmissions(dir, lessons)
	if err != nil {
		return nil, usageError{err}
	}
	switch n := len(class.Submissions); {
	case o.student != "" && n > 1:
		return nil, errors.Join(usageError{fmt.Errorf("--student names one student, but %s has the files of %d", dir, n)}, class.Close())
	case o.student != "":
		class.Submissions[0].Student = o.student
	}
	return class, nil
}

func (a *app) grade(ctx context.Context, dir string, o gradeOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	lessons, err := o.lessons()
	if err != nil {
		return err
	}
	class, err := o.class(dir, lessons)
	if err != nil {
		return err
	}
	defer class.Close()
	s, err := a.openGrading(ctx, components(lessons), &o.stack)
	if err != nil {
		return err
	}
	defer s.Close(a.err)
	g := s.grader(o.salt)
	g.Bare = o.bare
	servers := a.servers(s, o.jobs)
	defer a.sweep(s, servers)
	report := a.gradeAll(ctx, servers.Grader(g), class.Submissions, lessons, o.jobs)
	if err := ctx.Err(); err != nil {
		return err // what was graded so far is no report
	}
	if o.students {
		report = report.ForStudents()
	}
	fmt.Fprintln(a.out)
	report.Print(a.out, a.paint)
	if err := o.write(report); err != nil {
		return err
	}
	if problems := class.Problems(); problems != "" {
		a.err.Say("%s", printable.Line(problems))
	}
	return o.verdict(report)
}

// components returns what all the labs need.
func components(lessons []lab.Lab) (names []string) {
	for _, l := range lessons {
		for _, c := range l.Components {
			if !slices.Contains(names, c) {
				names = append(names, c)
			}
		}
	}
	return names
}

// lessonGrader grades one lab of one student, whose files are in a folder.
type lessonGrader func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade

// gradeAll grades some students at a time, each one's labs in order.
func (a *app) gradeAll(ctx context.Context, one lessonGrader, students []grade.Submission, lessons []lab.Lab, jobs int) report.Report {
	result := report.Report{Schema: report.SchemaID, Students: make([]report.Student, len(students))}
	places := make(chan struct{}, jobs)
	var group sync.WaitGroup
	for i, student := range students {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			graded := report.Student{Name: student.Student}
			for _, l := range lessons {
				if ctx.Err() == nil {
					graded.Labs = append(graded.Labs, one(ctx, student.Student, l, student.Folder(l.ID)))
				}
			}
			result.Students[i] = graded
			points, most := graded.Points()
			a.err.Say("%s: %d of %d points", printable.Line(student.Student), points, most)
		})
	}
	group.Wait()
	return result
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
		return fmt.Errorf("a check couldn't be made, so there is no total for %s", strings.Join(ungraded, ", "))
	case len(below) > 0:
		return failedError{fmt.Sprintf("less than %v %% of the points: %s", o.failUnder, strings.Join(below, ", "))}
	}
	return nil
}
