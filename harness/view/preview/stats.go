package preview

import (
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// stat is one big number with its name.
type stat struct{ Name, Value string }

func statsOf(p panel.Panel, table panel.Table) (list []stat) {
	for i, m := range p.Metrics {
		list = append(list, stat{printable.Line(m.Name()), number(table[0].Values[i])})
	}
	return list
}

// stats draws big numbers, up to four side by side.
func (d drawing) stats(c draw.Canvas) {
	list := statsOf(d.Panel, d.Table)
	if len(list) == 0 {
		return
	}
	columns := min(4, len(list))
	rows := (len(list) + columns - 1) / columns
	wide, high := (c.Max.X-c.Min.X)/vg.Length(columns), (c.Max.Y-c.Min.Y)/vg.Length(rows)
	size := min(48, wide/5, high/2.5)
	for i, s := range list {
		at := vg.Point{
			X: c.Min.X + wide*(vg.Length(i%columns)+0.5),
			Y: c.Max.Y - high*(vg.Length(i/columns)+0.5) + size*0.2,
		}
		big, under := centred(style(size, true, ink)), centred(style(d.text+1, false, quiet))
		big.Color = palette[i%len(palette)]
		c.FillText(big, at, fitted(&big, s.Value, wide-12))
		c.FillText(under, vg.Point{X: at.X, Y: at.Y - size*0.95}, fit(under, s.Name, wide-8))
	}
}

// fitted reduces a number's font size until it fits: digits can't be left out.
func fitted(s *text.Style, words string, width vg.Length) string {
	for s.Width(words) > width && s.Font.Size > 6 {
		s.Font.Size--
	}
	return words
}
