package bench

import (
	"bytes"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/plot"
)

func TestPlot(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"figures.svg", "figures.PNG"} {
		if err := sample().Plot(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "figures.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg", "bridge / discarding subscriber", "kafka: boot with an empty cache", "added latency, p99", "ours / theirs", "ms</text>"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the plot lacks %q", want)
		}
	}
	picture, err := os.ReadFile(filepath.Join(dir, "figures.PNG"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := png.Decode(bytes.NewReader(picture)); err != nil {
		t.Error(err)
	}
}

// TestPlotShowsTheSpread: each row has its least, its largest and its goal
// within the axis.
func TestPlotShowsTheSpread(t *testing.T) {
	panels := sample().panels()
	if len(panels) != 2 || len(panels[0].rows) != 4 || len(panels[1].rows) != 1 || panels[1].axis != "ms" {
		t.Fatalf("panels = %+v", panels)
	}
	least, most, _, _ := panels[0].DataRange()
	if least > 0.6 || most < 5.67 {
		t.Errorf("the axis goes from %v to %v", least, most)
	}
	if least, most, _, _ := panels[1].DataRange(); least != 0 || most < 10 || most > 11 {
		t.Errorf("the axis goes from %v to %v, and the goal is 10", least, most)
	}
}

// TestPlotShowsWhatIsMissed, but in the short form only what is wrong.
func TestPlotShowsWhatIsMissed(t *testing.T) {
	r := sample()
	for _, want := range []int{2, 1} {
		missed := 0
		for _, row := range r.panels()[0].rows {
			if row.missed {
				missed++
			}
		}
		if missed != want {
			t.Errorf("short form %v: %d figures are red, want %d", r.Short, missed, want)
		}
		r.Short = true
	}
}

func TestPlotOfOddNumbers(t *testing.T) {
	for name, figures := range map[string][]Figure{
		"none":         {},
		"only a value": {alone("x", "ms", Lower, []float64{3})},
		"zero":         {alone("x", "ms", Lower, []float64{0})},
		"zero ratio":   {compare("x", "rows/s", []pair{{0, 5}}, 1, false)},
		"wrong":        {compare("x", "rows/s", []pair{{5, 0}}, 1, false)},
		"huge":         {compare("x", "rows/s", []pair{{math.MaxFloat64, 1}}, 1, false)},
	} {
		r := sample()
		r.Figures = figures
		for _, ext := range []string{".svg", ".png"} {
			if err := r.Plot(filepath.Join(t.TempDir(), "x"+ext)); err != nil {
				t.Errorf("%s%s: %v", name, ext, err)
			}
		}
	}
}

func TestPlotFormats(t *testing.T) {
	for _, name := range []string{"figures", "figures.gif", "png"} {
		if err := sample().Plot(name); err == nil || !strings.Contains(err.Error(), ".png or .svg") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := sample().Plot(filepath.Join(t.TempDir(), "absent", "x.svg")); err == nil {
		t.Error("a folder that isn't there must be an error")
	}
}

func TestLogMarks(t *testing.T) {
	var labels []string
	for _, m := range (logMarks{}).Ticks(0.05, 6) {
		labels = append(labels, m.Label)
	}
	if got := strings.Join(labels, " "); got != "0.05 0.10 0.20 0.50 1.00 2.00 5.00" {
		t.Errorf("marks = %s", got)
	}
	var _ plot.Ticker = logMarks{}
}
