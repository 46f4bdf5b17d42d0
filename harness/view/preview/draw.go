package preview

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// drawing is one picture of a panel, in points of 1/72 inch.
type drawing struct {
	Drawn
	title bool // with a title, and on paper
	text  vg.Length
}

func (d drawing) draw(c draw.Canvas) {
	if d.title {
		c.SetColor(paper)
		c.Fill(c.Rectangle.Path())
		c = draw.Crop(c, 16, -16, 12, -14)
		heading := style(d.text+4, true, ink)
		c.FillText(heading, top(c), fit(heading, printable.Line(d.Panel.Title), c.Max.X-c.Min.X))
		c.Max.Y -= heading.Height("X") + 8
		small := style(d.text-1, false, quiet)
		c.FillText(small, vg.Point{X: c.Min.X, Y: c.Min.Y + small.Height("X")}, fit(small, Label, c.Max.X-c.Min.X))
		c.Min.Y += small.Height("X") + 8
	}
	if len(d.Panel.Buckets) == 0 && len(d.Table) > 0 {
		d.stats(c)
		return
	}
	ch := newChart(d.Drawn)
	if ch == nil || len(ch.series) == 0 {
		words, why := nothing(d.Drawn, ch)
		c.FillText(centred(style(d.text+6, true, quiet)), c.Center(), words)
		under := centred(style(d.text, false, quiet))
		c.FillText(under, vg.Point{X: c.Center().X, Y: c.Center().Y - 24}, fit(under, why, c.Max.X-c.Min.X))
		return
	}
	d.chart(c, ch)
}

func top(c draw.Canvas) vg.Point { return vg.Point{X: c.Min.X, Y: c.Max.Y} }

func centred(s text.Style) text.Style {
	s.XAlign, s.YAlign = draw.XCenter, draw.YCenter
	return s
}

// nothing says why nothing can be drawn.
func nothing(d Drawn, c *chart) (words, why string) {
	switch {
	case c != nil:
		return "Not drawn", c.notes[len(c.notes)-1]
	case len(d.Table) > 0 && len(d.Panel.Metrics) > 0:
		return "No data", "none of its buckets has a value"
	case !d.Panel.Range.From.IsZero():
		return "No data", "shown: " + d.Panel.Range.String()
	}
	return "No data", ""
}

func (d drawing) chart(c draw.Canvas, ch *chart) {
	if only := ch.series[0].name; len(ch.series) > 1 || only != ch.yTitle && only != string(panel.Count) {
		c.Max.Y -= d.legend(c, ch) + 3
	}
	small := style(d.text, false, quiet)
	c.FillText(small, top(c), fit(small, ch.yTitle, c.Max.X-c.Min.X))
	c.Max.Y -= small.Height("X") + 6
	p := plot.New()
	p.BackgroundColor = nil
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = ch.x.min, ch.x.max, ch.y.min, ch.y.max
	p.X.Label.Text, p.X.Label.Padding = ch.xTitle, 5
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.LineStyle, axis.Tick.LineStyle = draw.LineStyle{Color: quiet, Width: 1}, draw.LineStyle{Color: quiet, Width: 1}
		axis.Padding, axis.Tick.Length = 0, 4
		axis.Tick.Label.Font, axis.Tick.Label.Color = small.Font, quiet
		axis.Label.TextStyle.Font, axis.Label.TextStyle.Color = small.Font, quiet
	}
	p.Y.LineStyle.Width, p.Y.Tick.Length, p.Y.Padding = 0, 0, 7
	wide, high := c.Max.X-c.Min.X, c.Max.Y-c.Min.Y
	p.X.Tick.Marker = plot.ConstantTicks(ch.ticks(int(wide / (d.text * ch.room()))))
	p.Y.Tick.Marker = plot.ConstantTicks(numberTicks(ch.y, max(2, int(high/(d.text*3.6)))))
	p.Add(ch)
	p.Draw(draw.Crop(c, 0, -d.text*2, 0, -2)) // the last tick's text needs some room
}

// room is how wide a tick's text may be, in units of the text size.
func (c *chart) room() vg.Length {
	if c.by != panel.Terms {
		return 8
	}
	longest := 2
	for _, name := range c.names {
		longest = max(longest, min(14, len([]rune(name))))
	}
	return 0.7*vg.Length(longest) + 0.6
}

// legend draws the series' names in rows, and returns the height.
func (d drawing) legend(c draw.Canvas, ch *chart) vg.Length {
	words := style(d.text, false, ink)
	line := words.Height("X") + 5
	at := top(c)
	for i, s := range ch.series {
		name := fit(words, s.name, c.Max.X-c.Min.X-20)
		wide := 16 + words.Width(name) + 16
		if at.X > c.Min.X && at.X+wide-16 > c.Max.X {
			at = vg.Point{X: c.Min.X, Y: at.Y - line}
		}
		low := at.Y - d.text*0.95
		c.FillPolygon(palette[i], []vg.Point{
			{X: at.X, Y: low}, {X: at.X, Y: low + 9}, {X: at.X + 11, Y: low + 9}, {X: at.X + 11, Y: low},
		})
		c.FillText(words, vg.Point{X: at.X + 16, Y: at.Y}, name)
		at.X += wide
	}
	return c.Max.Y - at.Y + line
}
