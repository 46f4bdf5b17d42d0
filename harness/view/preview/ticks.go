package preview

import (
	"math"
	"strconv"
	"time"

	"gonum.org/v1/plot"

	"hoplab.example/harness/client/panel"
)

// ticks returns about n ticks at most.
func (c *chart) ticks(n int) []plot.Tick {
	switch c.by {
	case panel.DateHistogram:
		return timeTicks(c.x, n)
	case panel.Terms:
		return termTicks(c.names, n)
	}
	return numberTicks(c.x, n)
}

// numberTicks returns ticks at multiples of 1, 2 or 5 times a power of ten.
func numberTicks(s span, n int) []plot.Tick {
	step := niceStep((s.max - s.min) / float64(max(1, n)))
	first, last := math.Ceil(s.min/step), math.Floor(s.max/step)
	if !(last-first <= 100 && max(math.Abs(first), math.Abs(last)) < 1<<52) { // 1e18 to 1e18+1 can't be divided
		return nil
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	var marks []plot.Tick
	for i := first; i <= last; i++ {
		v := i * step
		text := thousands(strconv.FormatFloat(v+0, 'f', decimals, 64))
		if math.Max(math.Abs(s.min), math.Abs(s.max)) >= 1e7 || decimals > 4 {
			text = strconv.FormatFloat(v, 'g', 4, 64)
		}
		if i == 0 {
			text = "0"
		}
		marks = append(marks, plot.Tick{Value: v, Label: text})
	}
	return marks
}

func niceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*power >= least*(1-1e-9) {
			return factor * power
		}
	}
	return 10 * power
}

// timeSteps are the usual steps between times, up to a week.
var timeSteps = []time.Duration{
	1e6, 2e6, 5e6, 10e6, 20e6, 50e6, 100e6, 200e6, 500e6,
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 168 * time.Hour,
}

// timeTicks returns ticks with the date below the first one, and below the first of
// each day.
func timeTicks(s span, n int) []plot.Tick {
	least := (s.max - s.min) / float64(max(1, n))
	step := 7 * 24 * 3600e3 * math.Ceil(least/(7*24*3600e3))
	for _, d := range timeSteps {
		if ms := float64(d.Milliseconds()); ms >= least {
			step = ms
			break
		}
	}
	format := "15:04"
	switch {
	case step < 1000:
		format = "15:04:05.000"
	case step < 60_000:
		format = "15:04:05"
	case step >= 24*3600e3:
		format = time.DateOnly
	}
	var marks []plot.Tick
	day := ""
	edge := 0.2 * least // a text closer to the end would be cut off
	for at := math.Ceil((s.min+edge)/step) * step; at <= s.max-edge; at += step {
		t := time.UnixMilli(int64(at)).UTC()
		text := t.Format(format)
		if date := t.Format(time.DateOnly); date != day && format != time.DateOnly {
			day = date
			text += "\n" + date
		}
		marks = append(marks, plot.Tick{Value: at, Label: text})
	}
	return marks
}

func termTicks(names []string, n int) []plot.Tick {
	every := (len(names) + n - 1) / max(1, n)
	var marks []plot.Tick
	for i := 0; i < len(names); i += max(1, every) {
		marks = append(marks, plot.Tick{Value: float64(i), Label: short(names[i], 14)})
	}
	return marks
}
