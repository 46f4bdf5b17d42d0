package bench

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"hoplab.example/harness/util/atomicfile"
)

// A picture's size in points. A PNG has two pixels a point.
const (
	plotWidth    vg.Length = 900
	rowHeight    vg.Length = 22
	panelMargin  vg.Length = 92 // of title, axis and its marks
	pixelsAnInch           = 144
)

const legend = "a dot is the median, its line goes from the least run to the largest, a mark across is the goal, red misses it"

// gap is between two panels.
const gap vg.Length = 18

// widest is the largest ratio that is drawn.
const widest = 1e6

// CheckPlot reports a file's name that says no format that can be drawn.
func CheckPlot(path string) error {
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".png", ".svg":
		return nil
	default:
		return fmt.Errorf("%s: a plot is drawn as .png or .svg, not as %q", path, ext)
	}
}

// Plot draws the figures into a file, as PNG or SVG after its name: ratios on a
// logarithmic axis, and each unit of the others on one of its own. A dot is the
// median, the line goes from the least to the largest run, and a mark across is
// the goal.
func (r Report) Plot(path string) error {
	if err := CheckPlot(path); err != nil {
		return err
	}
	render := r.svg
	if strings.EqualFold(filepath.Ext(path), ".png") {
		render = r.png
	}
	picture, err := render()
	if err == nil {
		err = atomicfile.Write(path, picture)
	}
	if err != nil {
		return fmt.Errorf("plot the figures: %w", err)
	}
	return nil
}

func (r Report) svg() ([]byte, error) {
	panels := r.panels()
	canvas := vgsvg.NewWith(vgsvg.UseWH(plotWidth, heightOf(panels)))
	if err := drawPanels(draw.New(canvas), panels); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err := canvas.WriteTo(&out)
	return out.Bytes(), err
}

func (r Report) png() ([]byte, error) {
	panels := r.panels()
	canvas := vgimg.NewWith(vgimg.UseWH(plotWidth, heightOf(panels)), vgimg.UseDPI(pixelsAnInch))
	if err := drawPanels(draw.New(canvas), panels); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	_, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&out)
	return out.Bytes(), err
}

// panel is what shares an axis.
type panel struct {
	title, axis string
	log         bool
	rows        []plotRow // from the top
}

type plotRow struct {
	label string
	Series
	goal   *float64
	missed bool
}

// panels are the ratios first, and then each unit in the order of the figures.
func (r Report) panels() []panel {
	all := []panel{{title: r.conditions() + "\n" + legend, axis: "ours / theirs", log: true}}
	for _, f := range r.Figures {
		row := plotRow{label: fmt.Sprintf("%s: %s", f.Part, f.title()), Series: f.judged(), missed: r.verdict(f) == "NO" || r.verdict(f) == "WRONG"}
		if f.Goal != nil && (f.Goal.Of == OfRatio) == (f.Ratio != nil) {
			row.goal = &f.Goal.Value
		}
		switch {
		case f.Ratio == nil:
			all = into(all, f.Unit, row)
		case f.Ratio.Min > 1/widest && f.Ratio.Max < widest: // others have no place on an axis
			all[0].rows = append(all[0].rows, row)
		}
	}
	if len(all[0].rows) == 0 {
		all[min(1, len(all)-1)].title, all = all[0].title, all[1:]
	}
	return all
}

func into(all []panel, unit string, row plotRow) []panel {
	for i := range all {
		if all[i].axis == unit {
			all[i].rows = append(all[i].rows, row)
			return all
		}
	}
	return append(all, panel{axis: unit, rows: []plotRow{row}})
}

func (p panel) height() vg.Length { return panelMargin + rowHeight*vg.Length(len(p.rows)) }

func heightOf(panels []panel) vg.Length {
	height := vg.Length(20)
	for _, p := range panels {
		height += p.height()
	}
	return height
}

// drawPanels draws them one under another. The drawing library panics where a
// number can't be drawn.
func drawPanels(c draw.Canvas, panels []panel) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v; the numbers are in the report", r)
		}
	}()
	c.SetColor(paper)
	c.Fill(c.Rectangle.Path())
	c = draw.Crop(c, 12, -24, 10, -10)
	wide := vg.Length(0)
	for _, p := range panels {
		wide = max(wide, p.labels())
	}
	for _, p := range panels {
		area := c
		area.Min.Y = c.Max.Y - p.height()
		// The labels of all panels are as wide as the widest, so that axes begin
		// at one place.
		area.Min.X += wide - p.labels()
		area.Min.Y += gap
		p.plot().Draw(area)
		c.Max.Y = area.Min.Y - gap
	}
	return nil
}

// labels is how wide the longest one is.
func (p panel) labels() vg.Length {
	wide := vg.Length(0)
	style := p.plot().Y.Tick.Label
	for _, row := range p.rows {
		wide = max(wide, style.Width(row.label))
	}
	return wide
}

func (p panel) plot() *plot.Plot {
	drawn := plot.New()
	drawn.BackgroundColor = nil
	drawn.Title.Text, drawn.Title.Padding = p.title, 6
	drawn.X.Label.Text = p.axis
	sans := font.Font{Typeface: "Liberation", Variant: "Sans", Size: 11}
	for _, style := range []*font.Font{
		&drawn.Title.TextStyle.Font, &drawn.X.Label.TextStyle.Font, &drawn.X.Tick.Label.Font, &drawn.Y.Tick.Label.Font,
	} {
		*style = sans
	}
	drawn.Add(p)
	if p.log {
		drawn.X.Scale, drawn.X.Tick.Marker = plot.LogScale{}, logMarks{}
	}
	var names []plot.Tick
	for i, row := range p.rows {
		names = append(names, plot.Tick{Value: p.at(i), Label: row.label})
	}
	drawn.Y.Tick.Marker, drawn.Y.Tick.Length, drawn.Y.LineStyle.Width = plot.ConstantTicks(names), 0, 0
	return drawn
}

// at is where the row with that index is: the first is at the top.
func (p panel) at(i int) float64 { return float64(len(p.rows) - 1 - i) }
