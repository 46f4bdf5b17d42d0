package preview

import (
	"fmt"
	"image/color"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The colours in pictures. The page replaces each of them in dark mode, so no two may
// be equal.
var (
	ink   = hex(0x1B2430)
	quiet = hex(0x5B6675)
	grid  = hex(0xE3E7ED)
	paper = hex(0xFFFFFF)

	// palette works for colour-blind people too: the first five also differ in
	// lightness.
	palette = []color.Color{
		hex(0x2F6BDE), hex(0xE0711A), hex(0x1E9E6A), hex(0x8A4FCF), hex(0xD23F57),
		hex(0x1795A8), hex(0x8A5E2F), hex(0xCF5FA3), hex(0x7F8A12), hex(0x6A7485),
	}
	darkPalette = []color.Color{
		hex(0x7DA6FF), hex(0xFFA45C), hex(0x5DD3A0), hex(0xBE95F5), hex(0xFF8091),
		hex(0x57CBDD), hex(0xCBA06E), hex(0xF29BCD), hex(0xC7CF5A), hex(0xA5AFBF),
	}
)

func hex(rgb uint32) color.Color {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

// css writes a colour as gonum's SVG writer does.
func css(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}

// style returns a text style: the text is right of and below its point.
func style(size vg.Length, bold bool, c color.Color) text.Style {
	s := text.Style{
		Color: c, Handler: text.Plain{Fonts: font.DefaultCache},
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}, XAlign: draw.XLeft, YAlign: draw.YTop,
	}
	if bold {
		s.Font.Weight = stdfont.WeightBold
	}
	return s
}

// fit shortens a text to a width.
func fit(s text.Style, words string, width vg.Length) string {
	if s.Width(words) <= width {
		return words
	}
	runes := []rune(words)
	for len(runes) > 1 && s.Width(string(runes)+"…") > width {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}
