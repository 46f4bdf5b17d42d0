package preview

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// maxTableRows is how many points a page lists per panel.
const maxTableRows = 1000

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// view is the data for the page's template.
type view struct {
	Label      string
	Style      template.CSS
	Dashboards []dashboardView
}

type dashboardView struct {
	File, Title, Range, Index, Outcome, Word string
	Cards                                    []card
}

type card struct {
	ID, Title, Word, Outcome string
	Problems, Notes          []string
	Stats                    []stat
	Wide, Narrow             template.HTML
	Head                     []string
	Rows                     [][]string
	Left                     int
	Numbers                  int // the first column with numbers
}

// HTML writes dashboards as one page that loads nothing else: no script, no font, no
// outside address. It is light or dark as the reader's system is.
func HTML(w io.Writer, dashboards []Dashboard) error {
	v := view{Label: Label, Style: template.CSS(themes())}
	for i, d := range dashboards {
		one, err := viewOf(d, i)
		if err != nil {
			return err
		}
		v.Dashboards = append(v.Dashboards, one)
	}
	if err := page.Execute(w, v); err != nil {
		return fmt.Errorf("write the preview's page: %w", err)
	}
	return nil
}

func viewOf(d Dashboard, number int) (dashboardView, error) {
	v := dashboardView{File: printable.Line(d.File), Title: printable.Line(d.Title), Range: d.Range.String(), Index: indexes(d.Panels)}
	passed, checked := 0, 0
	for i, p := range d.Panels {
		c, err := cardOf(p, fmt.Sprintf("panel-%d-%d", number, i))
		if err != nil {
			return v, err
		}
		if p.Checked {
			checked++
		}
		if p.Passed() {
			passed++
		}
		v.Cards = append(v.Cards, c)
	}
	v.Outcome, v.Word = "unchecked", fmt.Sprintf("%d panels, not checked", len(d.Panels))
	if checked > 0 {
		v.Outcome, v.Word = "failed", fmt.Sprintf("%d of %d panels passed", passed, len(d.Panels))
	}
	if passed == len(d.Panels) && passed > 0 {
		v.Outcome = "passed"
	}
	return v, nil
}

func indexes(panels []Drawn) string {
	var names []string
	seen := map[string]bool{}
	for _, p := range panels {
		if name := printable.Line(p.Panel.View.Index); name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// The sizes of a page's charts: one for two columns, and one for a phone, where the
// text would otherwise be too small.
const (
	wideWidth, wideHeight     vg.Length = 600, 300
	narrowWidth, narrowHeight vg.Length = 340, 270
	pageTextSize              vg.Length = 12
)

func cardOf(d Drawn, id string) (card, error) {
	c := card{ID: id, Title: printable.Line(d.Panel.Title)}
	for _, p := range d.Problems {
		c.Problems = append(c.Problems, printable.Line(strings.TrimPrefix(p, d.Panel.String()+": ")))
	}
	switch {
	case len(c.Problems) > 0:
		c.Outcome, c.Word = "failed", "check failed"
	case d.Checked:
		c.Outcome, c.Word = "passed", "check passed"
	default:
		c.Outcome, c.Word = "unchecked", "not checked"
	}
	c.table(d)
	if len(d.Panel.Buckets) == 0 && len(d.Table) > 0 {
		c.Stats = statsOf(d.Panel, d.Table)
		return c, nil
	}
	if chart := newChart(d); chart != nil {
		c.Notes = chart.notes
	}
	var err error
	if c.Wide, err = inline(d, "wide", wideWidth, wideHeight); err == nil {
		c.Narrow, err = inline(d, "narrow", narrowWidth, narrowHeight)
	}
	return c, err
}

func inline(d Drawn, class string, width, height vg.Length) (template.HTML, error) {
	body, err := drawing{d, false, pageTextSize}.svg(width, height)
	return template.HTML(svgTag(d, width, height, `class="`+class+`"`) + themed(body)), err
}

func (c *card) table(d Drawn) {
	for _, b := range d.Panel.Buckets {
		c.Head = append(c.Head, bucketTitle(b))
	}
	c.Numbers = len(c.Head)
	c.Head = append(c.Head, "rows")
	for _, m := range d.Panel.Metrics {
		if m.Of != panel.Count {
			c.Head = append(c.Head, printable.Line(m.Name()))
		}
	}
	for i, point := range d.Table {
		if i == maxTableRows {
			c.Left = len(d.Table) - maxTableRows
			break
		}
		c.Rows = append(c.Rows, row(d.Panel, point))
	}
}

func row(p panel.Panel, point panel.Point) (cells []string) {
	for i, key := range point.Keys {
		cells = append(cells, keyText(p.Buckets[i], key))
	}
	cells = append(cells, number(float64(point.Count)))
	for i, m := range p.Metrics {
		if m.Of != panel.Count {
			cells = append(cells, number(point.Values[i]))
		}
	}
	return cells
}

// themes returns the series' colours for light and dark mode.
func themes() string {
	var light, dark strings.Builder
	for i := range palette {
		fmt.Fprintf(&light, "--s%d:%s;", i, css(palette[i]))
		fmt.Fprintf(&dark, "--s%d:%s;", i, css(darkPalette[i]))
	}
	return fmt.Sprintf(":root{%s}\n@media (prefers-color-scheme:dark){:root{%s}}\n", light.String(), dark.String())
}
