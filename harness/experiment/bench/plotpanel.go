package bench

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

var (
	paper  = color.RGBA{255, 255, 255, 255}
	faint  = color.RGBA{0xE3, 0xE7, 0xED, 255}
	dark   = color.RGBA{0x5B, 0x66, 0x75, 255}
	right  = color.RGBA{0x2F, 0x6B, 0xDE, 255}
	missed = color.RGBA{0xD2, 0x3F, 0x57, 255}
)

var (
	_ plot.Plotter    = panel{}
	_ plot.DataRanger = panel{}
)

// DataRange is that of all runs and goals. Values begin at 0, and ratios have
// 1, where both sides are equal.
func (p panel) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = 0, 0
	if p.log {
		xmin, xmax = 1, 1
	}
	for _, row := range p.rows {
		xmin, xmax = min(xmin, row.Min), max(xmax, row.Max)
		if row.goal != nil {
			xmin, xmax = min(xmin, *row.goal), max(xmax, *row.goal)
		}
	}
	switch {
	case p.log:
		xmin, xmax = xmin/1.25, xmax*1.25
	case xmax == xmin:
		xmax = xmin + 1
	default:
		xmax += (xmax - xmin) / 50 // for a dot's half
	}
	return xmin, xmax, -0.6, float64(len(p.rows)) - 0.4
}

// Plot draws the rows.
func (p panel) Plot(c draw.Canvas, drawn *plot.Plot) {
	x, y := drawn.Transforms(&c)
	if p.log {
		line(c, dark, 1, vg.Point{X: x(1), Y: c.Min.Y}, vg.Point{X: x(1), Y: c.Max.Y})
	}
	for i, row := range p.rows {
		at := y(p.at(i))
		ink := right
		if row.missed {
			ink = missed
		}
		line(c, faint, 1, vg.Point{X: c.Min.X, Y: at}, vg.Point{X: c.Max.X, Y: at})
		line(c, ink, 2.5, vg.Point{X: x(row.Min), Y: at}, vg.Point{X: x(row.Max), Y: at})
		c.DrawGlyph(draw.GlyphStyle{Color: ink, Radius: 4.5, Shape: draw.CircleGlyph{}}, vg.Point{X: x(row.Median), Y: at})
		if row.goal != nil {
			line(c, dark, 2, vg.Point{X: x(*row.goal), Y: at - 7}, vg.Point{X: x(*row.goal), Y: at + 7})
		}
	}
}

func line(c draw.Canvas, ink color.Color, width vg.Length, from, to vg.Point) {
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: width}, from.X, from.Y, to.X, to.Y)
}

// logMarks marks 1, 2 and 5 of each decade.
type logMarks struct{}

// Ticks returns the marks between least and most, which are above 0.
func (logMarks) Ticks(least, most float64) (marks []plot.Tick) {
	for decade := int(math.Floor(math.Log10(least))); decade <= int(math.Ceil(math.Log10(most))); decade++ {
		for _, digit := range []float64{1, 2, 5} {
			if v := digit * math.Pow10(decade); v >= least && v <= most {
				marks = append(marks, plot.Tick{Value: v, Label: number(v)})
			}
		}
	}
	return marks
}
