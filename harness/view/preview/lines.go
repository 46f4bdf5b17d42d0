package preview

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hoplab.example/harness/client/panel"
)

// dotted is the largest number of points for which a line marks each of them.
const dotted = 60

// Plot draws the lines or bars. It implements plot.Plotter.
func (c *chart) Plot(canvas draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&canvas)
	rules := draw.LineStyle{Color: grid, Width: 1}
	for _, mark := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
		canvas.StrokeLine2(rules, canvas.Min.X, y(mark.Value), canvas.Max.X, y(mark.Value))
	}
	if c.y.min < 0 && c.y.max > 0 {
		canvas.StrokeLine2(draw.LineStyle{Color: quiet, Width: 0.75}, canvas.Min.X, y(0), canvas.Max.X, y(0))
	}
	for i, s := range c.series {
		if c.bars {
			c.drawBars(canvas, i, s, x, y)
		} else {
			c.drawLine(canvas, palette[i], s, x, y)
		}
	}
}

func (c *chart) drawLine(canvas draw.Canvas, colour color.Color, s *series, x, y func(float64) vg.Length) {
	line := draw.LineStyle{Color: colour, Width: 2}
	dot := draw.GlyphStyle{Color: colour, Radius: 2.6, Shape: draw.CircleGlyph{}}
	for _, part := range c.parts(s) {
		points := make([]vg.Point, len(part.at))
		for i := range part.at {
			points[i] = vg.Point{X: x(part.at[i]), Y: y(part.values[i])}
		}
		if len(points) > 1 {
			canvas.StrokeLines(line, thin(points))
		}
		if len(points) > 1 && len(s.at) > dotted {
			continue
		}
		for _, p := range points {
			canvas.DrawGlyph(dot, p)
		}
	}
}

// parts returns what can be joined by a line: a line ends at a missing value, and at
// a missing bucket, which has no rows.
func (c *chart) parts(s *series) []series {
	var parts []series
	open := false
	for i, v := range s.values {
		if !drawable(v) {
			open = false
			continue
		}
		gap := i > 0 && c.by != panel.Terms && c.width > 0 && s.at[i]-s.at[i-1] > 1.5*c.width
		if !open || gap {
			parts = append(parts, series{name: s.name})
		}
		last := &parts[len(parts)-1]
		last.at, last.values, open = append(last.at, s.at[i]), append(last.values, v), true
	}
	return parts
}

// thin keeps only the first, the lowest, the highest and the last of many points at
// one place of the x axis: the line looks the same.
func thin(points []vg.Point) []vg.Point {
	const pixel = 0.5
	var kept []vg.Point
	for begin := 0; begin < len(points); {
		end, low, high := begin+1, begin, begin
		for ; end < len(points) && points[end].X-points[begin].X < pixel; end++ {
			if points[end].Y < points[low].Y {
				low = end
			}
			if points[end].Y > points[high].Y {
				high = end
			}
		}
		last := -1
		for _, i := range []int{begin, min(low, high), max(low, high), end - 1} {
			if i != last {
				kept = append(kept, points[i])
				last = i
			}
		}
		begin = end
	}
	return kept
}

// drawBars draws one series' bars beside the others'.
func (c *chart) drawBars(canvas draw.Canvas, number int, s *series, x, y func(float64) vg.Length) {
	const air = 0.14 // of a bucket, at each side
	wide := c.width * (1 - 2*air) / float64(len(c.series))
	for i, v := range s.values {
		if !drawable(v) {
			continue
		}
		left := s.at[i] + air*c.width + wide*float64(number)
		if c.by == panel.Terms {
			left -= 0.5
		}
		from, to := x(left), max(x(left+wide), x(left)+0.5)
		canvas.FillPolygon(palette[number], []vg.Point{
			{X: from, Y: y(0)}, {X: from, Y: y(v)}, {X: to, Y: y(v)}, {X: to, Y: y(0)},
		})
	}
}
