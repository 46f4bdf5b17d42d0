package cli

import (
	"fmt"
	"io/fs"
	"time"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/view/watch"
)

// bench makes the page a workbench for a lab: its page and checks, and the rows of the
// attempt that 'lab work N' has made last.
func (o watchOptions) bench(l lab.Lab, c *watch.Config, p pipeline.Pipeline, source func(pipeline.Pipeline) watch.Source) error {
	folder, _, err := notebookOptions{labSet: o.labSet}.folder(l)
	if err != nil {
		return err
	}
	if c.Page, err = fs.ReadFile(folder.FS, course.Page); err != nil {
		return fmt.Errorf("read lab %d's page: %w", l.Number(), err)
	}
	book := student.Book{Dir: o.work, Name: o.student}
	if _, err := book.Progress(); err != nil {
		return err
	}
	c.Run = fmt.Sprintf("lab %d, %s", l.Number(), c.Run)
	c.Names = map[string]string{}
	c.Patience = 24 * time.Hour // most labs bring the rows to their own hop only
	c.Work = func() (watch.Work, error) { return workOf(book, l) }
	c.Source = watch.Following(func() pipeline.Names {
		done, _ := book.Progress() // what is wrong with it is shown with the checks
		if last := done[l.ID].Attempt; last != nil {
			return last.Names
		}
		return p.Names
	}, func(n pipeline.Names) watch.Source {
		own := p
		own.Names = n
		return source(own)
	})
	return nil
}

// workOf returns how far the student is with a lab.
func workOf(b student.Book, l lab.Lab) (watch.Work, error) {
	l = l.Practice()
	w := watch.Work{Most: l.Points(), Checks: []watch.WorkCheck{}, Next: fmt.Sprintf("'lab work %d' in a terminal makes the checks", l.Number())}
	done, err := b.Progress()
	last := done[l.ID].Attempt
	if err != nil || last == nil {
		return w, err
	}
	w.Next = fmt.Sprintf("'lab work %d' makes the checks again as you save a file", l.Number())
	for _, c := range last.Checks {
		w.Points += c.Points
		if c.Outcome == hop.Skipped {
			w.Skipped++
		}
		w.Checks = append(w.Checks, watch.WorkCheck{
			Title: c.Title, Outcome: string(c.Outcome), Points: c.Points, Max: c.Max, Reason: c.Reason, Expected: c.Expected, Actual: c.Actual,
		})
	}
	switch i := len(last.Checks); {
	case last.Running && i < len(l.Checks):
		w.Now = l.Checks[i].Title
	case w.Points == w.Most:
		w.Next = fmt.Sprintf("all right; 'lab solution %d' shows ours", l.Number())
	default:
		w.Next = fmt.Sprintf("'lab hint %d' gives one more hint; %s", l.Number(), w.Next)
		w.Hint, _, err = b.LastHint(l)
	}
	return w, err
}
