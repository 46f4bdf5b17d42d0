package cli

import (
	"context"
	"slices"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/report"
	"hoplab.example/harness/exercise/sandbox"
	"hoplab.example/harness/experiment/bench"
	"hoplab.example/harness/run"
)

// grading grades lab 1, a script and MQTT, and, unless the bench is short, lab 4, whose
// checks run Flink jobs.
func (b *bencher) grading(ctx context.Context) (figures []bench.Figure, err error) {
	labs := []struct {
		name   string
		copies int
	}{{"1", 12}, {"4", 4}}
	if b.Short {
		labs = labs[:1]
		labs[0].copies = 4
	}
	for _, wanted := range labs {
		l, err := findLab(wanted.name, labsOptions{})
		if err != nil {
			return nil, err
		}
		more, err := b.on(ctx, l.Components, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
			f, err := bench.Grading(ctx, b.gradeFolder(s), l, wanted.copies, b.dir, b.Options)
			return []bench.Figure{f}, err
		})
		if err != nil {
			return nil, err
		}
		figures = append(figures, more...)
	}
	return figures, nil
}

// course returns labs 1 to 7.
func (b *bencher) course() ([]lab.Lab, error) {
	all, err := lab.Ours().All()
	return slices.DeleteFunc(all, func(l lab.Lab) bool { return l.Number() > 7 }), err
}

// verdict measures all of the labs on one stack, and where the bench is short the first.
func (b *bencher) verdict(ctx context.Context) (figures []bench.Figure, err error) {
	labs, err := b.course()
	if err != nil {
		return nil, err
	}
	if b.Short {
		labs = labs[:1]
	}
	for _, l := range labs {
		more, err := b.on(ctx, l.Components, func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
			g := (&grading{Run: s, broker: benchBroker}).grader("")
			g.Bare = true
			return bench.SaveToVerdict(ctx, g.Grade, l, b.dir, b.Options)
		})
		if err != nil {
			return figures, err
		}
		figures = append(figures, more...)
	}
	return figures, nil
}

func (b *bencher) class(ctx context.Context) ([]bench.Figure, error) {
	labs, err := b.course()
	if err != nil {
		return nil, err
	}
	if b.Short {
		labs = labs[:1]
	}
	var names []string
	for _, l := range labs {
		names = append(names, l.Components...)
	}
	slices.Sort(names)
	return b.on(ctx, slices.Compact(names), func(ctx context.Context, s *run.Run) ([]bench.Figure, error) {
		f, err := bench.Class(ctx, b.gradeFolder(s), labs, b.dir, b.Options)
		return []bench.Figure{f}, err
	})
}

// gradeFolder grades as `lab grade` does. Scripts of our own solution run
// without a sandbox where the system has none.
func (b *bencher) gradeFolder(s *run.Run) bench.GradeFolder {
	return func(ctx context.Context, dir string, labs []lab.Lab, jobs int) (report.Report, error) {
		class, err := handin.Open(dir, labs)
		if err != nil {
			return report.Report{}, err
		}
		defer class.Close()
		g := (&grading{Run: s, broker: benchBroker}).grader("bench")
		g.Bare = sandbox.Available(ctx, dir) != nil
		quiet := *b.app
		quiet.err = quietUI()
		report := quiet.gradeAll(ctx, g.Grade, class.Submissions, labs, jobs)
		return report, context.Cause(ctx)
	}
}
