package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"hoplab.example/harness/client/panel"
	checks "hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/verify/probe"
	"hoplab.example/harness/view/preview"
)

const previewHelp = `preview draws the panels of dashboards from a run's Elasticsearch, without Kibana
or Grafana, and writes one HTML page that needs nothing else; --svg and --png
write a picture of each panel too. It sends the panels' own queries, compares
each answer with the input rows, and says on the page whether they agree.

The index must still be there: 'lab run --keep' leaves it. Give --input, --rows
and --seed as that run had them, or --check=false to draw without comparing.
The page goes into the run's folder, which 'lab down' removes, unless --out names
another folder, or a file that ends with .html.

preview N draws your own dashboard of lab N, 5 or 6, over your own rows, and draws it again
each time you save a file; the page, work/NN-name.html unless --out names another, reloads
by itself. It reports which panels don't show what the rows say. --once draws once.

Exit code 1 means that a panel doesn't show what the rows say; the page is written
in that case too.`

const previewExample = `  lab run --keep && lab preview --open
  lab preview 6 --open
  lab preview --out preview.html
  lab preview --out pictures --svg --png
  lab preview --index datuak_103000 --check=false --json`

// previewOptions are preview's flags.
type previewOptions struct {
	input                          inputOptions
	dashboards                     []string
	run, attach, index, out        string
	svg, png, open, asJSON, verify bool
	own                            ownPreview
}

func (a *app) previewCommand() *cobra.Command {
	var o previewOptions
	command := &cobra.Command{
		Use: "preview [N]", Short: "draw the dashboards' panels from Elasticsearch", Long: previewHelp, Example: previewExample,
		Args: arguments(cobra.MaximumNArgs(1)), ValidArgsFunction: only(completeLabs),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return a.previewLab(c, args[0], o)
			}
			return a.preview(c, o)
		},
	}
	o.input.flags(command)
	f := command.Flags()
	f.StringSliceVar(&o.dashboards, "dashboard", nil, "a .ndjson file of Kibana's, or a folder that provisions Grafana (default: those that come with lab)")
	runFlag(command, &o.run)
	f.StringVar(&o.attach, "attach", "", "a file of addresses: its elasticsearch, instead of a run's")
	f.StringVar(&o.index, "index", "", "draw from this index (default: the panels' own)")
	f.StringVar(&o.out, "out", "", "a folder, or a file that ends with .html")
	f.BoolVar(&o.svg, "svg", false, "write each panel as an SVG file too")
	f.BoolVar(&o.png, "png", false, "write each panel as a PNG file too")
	f.BoolVar(&o.open, "open", false, "open the page in a browser")
	f.BoolVar(&o.asJSON, "json", false, "print the panels and their numbers as JSON")
	f.BoolVar(&o.verify, "check", true, "compare each panel with the input rows")
	o.own.flags(f)
	return command
}

func (a *app) preview(c *cobra.Command, o previewOptions) error {
	ctx := c.Context()
	if o.attach != "" && o.out == "" {
		return usageError{errors.New("--attach has no run's folder to write to: name one with --out")}
	}
	_, oracle, err := o.input.read(c, a.err)
	if err != nil {
		return err
	}
	var shown panel.Range // their own, where the rows aren't known
	if o.verify {
		shown = checks.Around(oracle)
	}
	list, err := loadDashboards(o.dashboards, shown)
	if err != nil {
		return err
	}
	addr, login, dir, err := a.previewFrom(ctx, o)
	if err != nil {
		return err
	}
	if !o.verify {
		oracle = nil
	}
	var drawn []preview.Dashboard
	for _, d := range list {
		one, err := a.drawDashboard(ctx, addr, login, o.index, d, oracle)
		if err != nil {
			return err
		}
		drawn = append(drawn, one)
	}
	return a.showPreview(ctx, cmp.Or(o.out, dir), o, drawn)
}

// showPreview writes, prints and opens what was asked for, and reports panels that are
// wrong.
func (a *app) showPreview(ctx context.Context, out string, o previewOptions, drawn []preview.Dashboard) error {
	written, err := writePreview(out, o, drawn)
	if err != nil {
		return err
	}
	for _, path := range written {
		a.err.Say("written: %s", path)
	}
	if o.asJSON {
		if err := printPreview(a.out, written, drawn); err != nil {
			return err
		}
	}
	if o.open {
		if err := openPage(ctx, written[0]); err != nil {
			return err
		}
	}
	return previewVerdict(drawn)
}

// previewFrom returns where Elasticsearch is, and the folder to write to unless
// another is named.
func (a *app) previewFrom(ctx context.Context, o previewOptions) (addr string, login access.Login, dir string, err error) {
	if o.attach != "" {
		addr, login, err = addressOf(o.attach, "elasticsearch")
		return addr, login, "", err
	}
	found, err := run.Choose(ctx, a.err, o.run)
	if err != nil {
		return "", login, "", err
	}
	if found.State.Components["elasticsearch"] == nil {
		return "", login, "", noComponent(found, "elasticsearch")
	}
	logins, err := found.Client.Access()
	return found.State.Addr("elasticsearch", "http"), logins["elasticsearch"], filepath.Join(found.Client.Dir(), "preview"), err
}

func (a *app) drawDashboard(ctx context.Context, addr string, login access.Login, index string, d dashboard, oracle *wisdm.Oracle) (preview.Dashboard, error) {
	result := preview.Dashboard{File: d.file, Title: d.title, Range: d.shown}
	for i, p := range d.panels {
		p.View.Index = cmp.Or(index, p.View.Index)
		es, err := probe.NewElastic(addr, login, p.View.Index)
		if err == nil {
			err = filled(ctx, es, p.View.Index, addr)
		}
		if err != nil {
			return result, err
		}
		drawn, err := drawPanel(ctx, es, p, d.query, oracle)
		if err != nil {
			return result, err
		}
		a.err.Say("%s: panel %d of %d, %s", d.file, i+1, len(d.panels), p.Title)
		result.Panels = append(result.Panels, drawn)
	}
	return result, nil
}

// filled reports an index that has nothing to draw.
func filled(ctx context.Context, es *probe.Elastic, index, addr string) error {
	n, err := es.Count(ctx)
	if err != nil {
		return hint.With(err, "'lab status' shows whether the run's Elasticsearch is up, 'lab logs elasticsearch' its log")
	}
	if n == 0 {
		return hint.With(fmt.Errorf("index %q of Elasticsearch at %s holds no document: there is nothing to draw", index, addr),
			"fill it with 'lab run --keep', or name another with --index")
	}
	return nil
}

func drawPanel(ctx context.Context, es *probe.Elastic, p panel.Panel, query probe.Query, oracle *wisdm.Oracle) (preview.Drawn, error) {
	drawn := preview.Drawn{Panel: p, Checked: oracle != nil}
	types, err := es.Mapping(ctx)
	if err != nil {
		return drawn, err
	}
	if drawn.Problems = panel.CheckMapping(p, types); len(drawn.Problems) > 0 {
		return drawn, nil
	}
	if oracle != nil {
		drawn.Panel = panel.Fitted(p, types, oracle)
	} else if b := panel.Unfitted(p); b != "" {
		drawn.Problems = []string{fmt.Sprintf("%s: Kibana derives the interval of %s from the rows, so the input rows are needed to draw it", p, b)}
		return drawn, nil
	}
	if drawn.Table, err = es.Draw(ctx, drawn.Panel, query); err != nil || oracle == nil {
		return drawn, err
	}
	drawn.Problems, err = panel.Compare(drawn.Panel, drawn.Table, oracle)
	return drawn, err
}

func previewVerdict(drawn []preview.Dashboard) error {
	wrong := 0
	for _, d := range drawn {
		for _, p := range d.Panels {
			if len(p.Problems) > 0 {
				wrong++
			}
		}
	}
	if wrong > 0 {
		return failedError{fmt.Sprintf("%d panels don't show what the rows say; the page has the differences. "+
			"If the run had other rows, give its --input, --rows or --seed, or --check=false", wrong)}
	}
	return nil
}

// openPage opens a file or an address as the user's desktop does.
func openPage(ctx context.Context, path string) error {
	command := map[string][]string{"darwin": {"open"}, "windows": {"rundll32", "url.dll,FileProtocolHandler"}}[runtime.GOOS]
	if command == nil {
		command = []string{"xdg-open"}
	}
	if err := exec.CommandContext(ctx, command[0], append(command[1:], path)...).Run(); err != nil {
		return hint.With(fmt.Errorf("open %s with %s: %w", path, command[0], err), "open it in a browser yourself")
	}
	return nil
}
