package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/verify/hop"
)

const (
	classSize  = 60
	classShort = 2
	classLimit = 15 // minutes, on 2 cores
	verdicts   = 20 // of each lab in a run
	// quick is within how many milliseconds most verdicts of a lab come whose checks read
	// what is there; others start a connector or Flink's jobs, and wait for rows.
	quick, slow = 3000, 6000
)

// Class measures how long a class is graded: each student hands in our solution of each
// lab, and must be given all points.
func Class(ctx context.Context, gradeFolder GradeFolder, labs []lab.Lab, dir string, o Options) (Figure, error) {
	size := classSize
	if o.Short {
		size = classShort
	}
	o.say("class: %d students, %d labs each, %d students at a time", size, len(labs), sideBySide)
	rate, err := graded(ctx, gradeFolder, labs, size, sideBySide, filepath.Join(dir, "class"))
	if err != nil {
		return Figure{}, err
	}
	f := alone(fmt.Sprintf("a class of %d, %d labs each", size, len(labs)), "min", Lower, []float64{float64(size) / rate})
	f.Detail = fmt.Sprintf("%d students at a time; graded once, whatever --runs says", sideBySide)
	return f.withGoal(Goal{OfOurs, AtMost, classLimit}), nil
}

// Practice runs a lab's checks as 'lab work' does when a file was saved.
type Practice func(ctx context.Context, student string, l lab.Lab, dir string) report.Grade

// SaveToVerdict measures how long 'lab work' needs for its checks of a lab's solution, on
// servers that are up, without the 0.2 s that it waits after a save. The first time, which
// finds cold servers, doesn't count.
func SaveToVerdict(ctx context.Context, practice Practice, l lab.Lab, dir string, o Options) ([]Figure, error) {
	times := verdicts
	if o.Short {
		times = 2
	}
	dir = filepath.Join(dir, "verdict")
	defer os.RemoveAll(dir)
	var p50, p95 []float64
	for i := range o.Runs {
		o.say("verdict: lab %d, run %d of %d, %d times", l.Number(), i+1, o.Runs, times)
		var took []float64
		for n := range times + 1 {
			student := fmt.Sprintf("verdict-%d-%d", i, n)
			if err := copySolutions([]lab.Lab{l}, dir, student); err != nil {
				return nil, err
			}
			began := time.Now()
			made := practice(ctx, student, l.Practice(), filepath.Join(dir, student, l.ID))
			if n > 0 {
				took = append(took, float64(time.Since(began).Milliseconds()))
			}
			for _, c := range made.Checks {
				if c.Outcome != hop.Passed {
					return nil, fmt.Errorf("our solution of lab %d: %s %s, %s", l.Number(), c.ID, c.Outcome, c.Reason)
				}
			}
		}
		slices.Sort(took)
		p50, p95 = append(p50, percentile(took, 0.5)), append(p95, percentile(took, 0.95))
	}
	goal := float64(slow)
	if slices.Contains([]int{1, 3, 5, 6}, l.Number()) {
		goal = quick
	}
	name := fmt.Sprintf("lab %d, save to verdict, ", l.Number())
	return []Figure{
		alone(name+"p50", "ms", Lower, p50),
		alone(name+"p95", "ms", Lower, p95).withGoal(Goal{OfOurs, AtMost, goal}),
	}, nil
}
