package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/paneldef"
	"hoplab.example/harness/exercise/student"
	"hoplab.example/harness/util/atomicfile"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/printable"
)

const panelHelp = `panel N TITLE writes a panel into your dashboard of lab N, 5 or 6, in the form in which
Kibana and Grafana export it: you say what the panel shows instead of writing its JSON. If
a panel has that title, it is changed, and what you don't give stays as it is; otherwise
one is added. 'lab preview N' draws the dashboard, and 'lab work N' checks it.

  --show   the numbers: "avg of x, y", "percentile 50 of z" or "count"; in place of avg
           there are also min, max, sum and cardinality
  --over   the groups: "device" makes one for each of its values, "x by 5" steps of 5, and
           "@timestamp by 10s" steps of time
  --where  the rows, as the program's own search bar has it: usid:1600 in Grafana,
           usid : 1600 in Kibana

--show and --over can be given more than once; the groups of the second --over are inside
those of the first.

Without a title, panel lists the panels, and which of them have something to fill in.`

const panelExample = `  lab panel 6
  lab panel 6 "Rows by subject" --show count --over usid --where 'action:$activity'
  lab panel 5 "Lowest z over x" --show "min of z" --over "x by 5"`

type panelOptions struct {
	work       workOptions
	show, over []string
	where      string
}

func (a *app) panelCommand() *cobra.Command {
	var o panelOptions
	command := &cobra.Command{
		Use: "panel N [TITLE]", Short: "write a panel of your dashboard from a short definition", Long: panelHelp, Example: panelExample,
		Args: arguments(cobra.RangeArgs(1, 2)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error {
			d, err := o.definition(c)
			if err != nil {
				return usageError{err}
			}
			if (len(args) == 2) != (d.Metrics != nil || d.Buckets != nil || d.Where != nil) {
				return usageError{errors.New("give the panel's title and what it shows, by --show, --over or --where, or neither to list the panels")}
			}
			l, err := findLab(args[0], o.work.labSet)
			if err != nil {
				return err
			}
			if err := needDashboard(l); err != nil {
				return err
			}
			b := student.Book{Dir: o.work.work, Name: o.work.student}
			if _, err := b.Start(l); err != nil {
				return err
			}
			if len(args) == 1 {
				return a.listPanels(b, l)
			}
			d.Title = args[1]
			return a.writePanel(b, l, d)
		},
	}
	o.work.flags(command)
	f := command.Flags()
	f.StringArrayVar(&o.show, "show", nil, `the numbers, such as "avg of x, y"`)
	f.StringArrayVar(&o.over, "over", nil, `the groups, such as "x by 5"`)
	f.StringVar(&o.where, "where", "", "which rows, in the program's own language of queries")
	return command
}

func (o panelOptions) definition(c *cobra.Command) (d paneldef.Definition, err error) {
	for _, text := range o.show {
		if err := d.Show(text); err != nil {
			return d, fmt.Errorf("--show: %w", err)
		}
	}
	for _, text := range o.over {
		if err := d.Over(text); err != nil {
			return d, fmt.Errorf("--over: %w", err)
		}
	}
	if c.Flags().Changed("where") {
		d.Where = &o.where
	}
	return d, nil
}

// dashboardFile reads the student's dashboard of a lab.
func dashboardFile(b student.Book, l lab.Lab) (path string, text []byte, err error) {
	i := slices.IndexFunc(l.Files, func(name string) bool { return slices.Contains([]string{".json", ".ndjson"}, filepath.Ext(name)) })
	if i < 0 {
		return "", nil, fmt.Errorf("lab %s has no dashboard among its files", l.ID)
	}
	path = filepath.Join(b.Folder(l), l.Files[i])
	text, err = os.ReadFile(path)
	return path, text, err
}

func (a *app) listPanels(b student.Book, l lab.Lab) error {
	path, text, err := dashboardFile(b, l)
	if err != nil {
		return err
	}
	list, err := paneldef.List(path, text)
	if err != nil {
		return failedError{err.Error()}
	}
	for _, p := range list {
		mark := "    "
		if p.Todo {
			mark = lab.Todo
		}
		fmt.Fprintf(a.out, "%s  %s\n", mark, printable.Line(p.Title))
	}
	return nil
}

func (a *app) writePanel(b student.Book, l lab.Lab, d paneldef.Definition) error {
	path, text, err := dashboardFile(b, l)
	if err != nil {
		return err
	}
	changed, added, err := paneldef.Write(path, text, d)
	if err != nil {
		return hint.With(failedError{err.Error()}, fmt.Sprintf("'lab panel %d' lists the panels, and 'lab work %[1]d' says what is wrong with the file", l.Number()))
	}
	if err := atomicfile.Write(path, changed); err != nil {
		return fmt.Errorf("write the panel: %w", err)
	}
	what := "changed"
	if added {
		what = "new, since no other has its title"
	}
	a.err.Say("%s: the panel %q is %s; 'lab preview %d' draws it", path, printable.Line(d.Title), what, l.Number())
	return nil
}
