package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/grade"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/util/atomicfile"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/view/preview"
)

// ownPreview are the flags of 'lab preview N'.
type ownPreview struct {
	work, student string
	once          bool
	page          pageOptions
}

func (o *ownPreview) flags(f *pflag.FlagSet) {
	f.StringVar(&o.work, "work", "work", "the folder of your files, for preview N")
	f.StringVar(&o.student, "student", os.Getenv("USER"), "your name or number, as with 'lab work'")
	f.BoolVar(&o.once, "once", false, "draw once and end (default where there is no terminal)")
	o.page.page.labSet.flags(f)
}

// notOwn are flags that say what preview N knows.
var notOwn = []string{"input", "rows", "seed", "subjects", "skip-bad", "dashboard", "index", "svg", "png", "json", "check"}

// needDashboard refuses a lab in which the student makes none.
func needDashboard(l lab.Lab) error {
	if l.Hop == hop.Kibana || l.Hop == hop.Grafana {
		return nil
	}
	return usageError{fmt.Errorf("lab %d has no dashboard; labs 5 and 6 have, as for 'lab preview 6'", l.Number())}
}

func (a *app) previewLab(c *cobra.Command, name string, o previewOptions) error {
	for _, flag := range notOwn {
		if c.Flags().Changed(flag) {
			return usageError{fmt.Errorf("preview N draws your own dashboard of your own rows: give it without --%s", flag)}
		}
	}
	own := o.own
	own.page.page.stack.run, own.page.page.stack.attach = o.run, o.attach
	l, page, err := own.page.read(name)
	if err != nil {
		return err
	}
	if err := needDashboard(l); err != nil {
		return err
	}
	b := student.Book{Dir: own.work, Name: own.student}
	if _, err := b.Start(l); err != nil {
		return err
	}
	seed := grade.Grader{}.Seed(own.student, l.ID)
	oracle, err := wisdm.ReadOracle(l.Generator(seed), wisdm.DefaultBase, 0)
	if err != nil {
		return err
	}
	return a.withPage(c.Context(), l, page, &own.page, func(ctx context.Context, runner course.Runner) error {
		runner.Seed = seed
		d := drawing{app: a, lab: l, book: b, oracle: oracle, out: cmp.Or(o.out, b.Folder(l)+".html"), open: o.open, once: own.once || !a.err.Terminal()}
		return runner.At(ctx, l, page, func(ctx context.Context, s course.Stage) error { return d.each(ctx, runner, s.Params["index"]) })
	})
}

// drawing draws a student's dashboard.
type drawing struct {
	*app
	lab        lab.Lab
	book       student.Book
	oracle     *wisdm.Oracle
	out        string // the page
	open, once bool
}

// each draws the dashboard over an index, once or after each change of the files.
func (d drawing) each(ctx context.Context, r course.Runner, index string) error {
	draw := func(ctx context.Context) error { return d.draw(ctx, r, index) }
	if d.once {
		return draw(ctx)
	}
	w := work{app: d.app, book: d.book, lab: d.lab, say: d.err.Say}
	return w.watch(ctx, func(ctx context.Context) error {
		err := draw(ctx)
		if d.open && err == nil {
			d.openAddress(ctx, d.out)
			d.open = false
		}
		return err
	})
}

// draw draws the dashboard as the files are now, writes the page, and reports panels that
// are wrong.
func (d drawing) draw(ctx context.Context, r course.Runner, index string) error {
	list, err := d.load(index)
	if err != nil {
		return failedError{describe(err)}
	}
	var drawn []preview.Dashboard
	for _, one := range list {
		shown, err := d.drawDashboard(ctx, r.Elasticsearch(), r.Access["elasticsearch"], index, one, d.oracle)
		if err != nil {
			return err
		}
		drawn = append(drawn, shown)
	}
	var page bytes.Buffer
	if err := preview.HTML(&page, drawn); err != nil {
		return err
	}
	text := page.Bytes()
	if !d.once {
		text = bytes.Replace(text, []byte("<head>"), []byte("<head>\n<meta http-equiv=\"refresh\" content=\"2\">"), 1)
	}
	if err := atomicfile.Write(d.out, text); err != nil {
		return fmt.Errorf("write the preview: %w", err)
	}
	d.err.Say("written: %s", d.out)
	var wrong []error
	for _, one := range drawn {
		for _, p := range one.Panels {
			for _, problem := range p.Problems {
				wrong = append(wrong, errors.New(problem))
			}
		}
	}
	if len(wrong) > 0 {
		return failedError{errors.Join(wrong...).Error()}
	}
	return nil
}

// load reads the student's files as Kibana or Grafana would.
func (d drawing) load(index string) ([]dashboard, error) {
	var files []provisioning.File
	for _, name := range d.lab.Files {
		path := filepath.Join(d.book.Folder(d.lab), name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if d.lab.Hop == hop.Kibana {
			return kibanaDashboard(path, text)
		}
		files = append(files, provisioning.File{Name: path, Text: text})
	}
	read, err := provisioning.ReadFiles(files, provisioning.Options{Name: d.lab.ID, Index: index})
	if err != nil {
		return nil, err
	}
	return grafanaPanels(read), nil
}
