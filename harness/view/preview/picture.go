package preview

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// A picture's size in points. A PNG has two pixels per point.
const (
	pictureWidth, pictureHeight vg.Length = 760, 400
	pictureText                 vg.Length = 12
	pixelsAnInch                          = 144
)

// SVG draws a panel as a separate file. The same panel gives the same bytes. Text is
// set in Liberation Sans, or in Arial or another font of the same width.
func SVG(d Drawn) ([]byte, error) {
	body, err := drawing{d, true, pictureText}.svg(pictureWidth, pictureHeight)
	if err != nil {
		return nil, err
	}
	head := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + svgTag(d, pictureWidth, pictureHeight,
		fmt.Sprintf(`xmlns="http://www.w3.org/2000/svg" width="%v" height="%v"`, float64(pictureWidth), float64(pictureHeight)))
	return []byte(head + body), nil
}

// PNG draws a panel as a separate file.
func PNG(d Drawn) (picture []byte, err error) {
	defer recovered(d.Panel, &err)
	canvas := vgimg.NewWith(vgimg.UseWH(pictureWidth, pictureHeight), vgimg.UseDPI(pixelsAnInch))
	drawing{d, true, pictureText}.draw(draw.New(canvas))
	var out bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: canvas}).WriteTo(&out); err != nil {
		return nil, fmt.Errorf("%s: write a PNG: %w", d.Panel, err)
	}
	return out.Bytes(), nil
}

// svg returns the content of the svg element, with its end tag.
func (d drawing) svg(width, height vg.Length) (body string, err error) {
	defer recovered(d.Panel, &err)
	canvas := vgsvg.NewWith(vgsvg.UseWH(width, height))
	d.draw(draw.New(canvas))
	var out bytes.Buffer
	if _, err := canvas.WriteTo(&out); err != nil {
		return "", fmt.Errorf("%s: write an SVG: %w", d.Panel, err)
	}
	_, rest, _ := strings.Cut(out.String(), "<svg")
	_, rest, _ = strings.Cut(rest, ">\n")
	return strings.ReplaceAll(rest, "font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;"), nil
}

// recovered turns a panic of the drawing library into an error: the library has no
// other way to report a number that can't be drawn.
func recovered(p panel.Panel, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("%s: draw it: %v; the numbers are in the table of the page, and in --json", p, r)
	}
}

// svgTag begins an svg element, with a description for people who can't see it.
func svgTag(d Drawn, width, height vg.Length, attributes string) string {
	title := html.EscapeString(printable.Line(d.Panel.Title))
	return fmt.Sprintf(`<svg viewBox="0 0 %v %v" role="img" aria-label="%s" %s><title>%s</title><desc>%s</desc>`+"\n",
		float64(width), float64(height), title, attributes, title, html.EscapeString(describe(d)))
}

// describe returns a sentence about what is drawn.
func describe(d Drawn) string {
	if len(d.Table) == 0 {
		return "No data."
	}
	var metrics, by []string
	for _, m := range d.Panel.Metrics {
		metrics = append(metrics, printable.Line(m.Name()))
	}
	for _, b := range d.Panel.Buckets {
		by = append(by, bucketTitle(b))
	}
	text := strings.Join(metrics, "; ")
	if len(by) > 0 {
		text += " over " + strings.Join(by, "; ")
	}
	return text + fmt.Sprintf(". %d buckets.", len(d.Table))
}

var styleAttribute = regexp.MustCompile(`style="[^"]*"`)

// themed lets the page choose the colours. Quotation marks in text are escaped, so
// only attributes are changed.
func themed(svg string) string {
	pairs := []string{css(ink), "var(--ink)", css(quiet), "var(--quiet)", css(grid), "var(--grid)"}
	for i, c := range palette {
		pairs = append(pairs, css(c), fmt.Sprintf("var(--s%d)", i))
	}
	colours := strings.NewReplacer(pairs...)
	return styleAttribute.ReplaceAllStringFunc(svg, func(s string) string { return colours.Replace(s) })
}
