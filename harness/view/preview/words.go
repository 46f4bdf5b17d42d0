package preview

import (
	"math"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/printable"
)

// none stands for a missing value.
const none = "–"

// number formats a value for people: about six digits, with thousands separators.
func number(v float64) string {
	size := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return none
	case v == math.Trunc(v) && size < 1e15:
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	case size >= 1e9 || size < 1e-3:
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	decimals := max(0, 5-int(math.Floor(math.Log10(size)))-1)
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return thousands(text)
}

// thousands adds thousands separators, and a real minus sign.
func thousands(text string) string {
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "−", rest
	}
	whole, fraction, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + whole + fraction
}

// short cuts a text to at most n runes.
func short(text string, n int) string {
	runes := []rune(printable.Line(text))
	if len(runes) <= n {
		return string(runes)
	}
	return string(runes[:n-1]) + "…"
}

// keyText formats a bucket's key for a table: times without T and Z.
func keyText(b panel.Bucket, key string) string {
	if b.By != panel.DateHistogram {
		return printable.Line(key)
	}
	t, err := time.Parse(time.RFC3339Nano, key)
	if err != nil {
		return printable.Line(key)
	}
	return strings.TrimSuffix(t.UTC().Format("2006-01-02 15:04:05.000"), ".000")
}

// bucketTitle names the field of a bucket, and its interval.
func bucketTitle(b panel.Bucket) string {
	switch b.By {
	case panel.DateHistogram:
		return printable.Line(b.Field) + " (UTC), per " + time.Duration(b.Interval*float64(time.Millisecond)).String()
	case panel.Histogram:
		return printable.Line(b.Field) + ", per " + number(b.Interval)
	}
	return printable.Line(b.Field)
}

// valueTitle returns what the metrics have in common.
func valueTitle(metrics []panel.Metric) string {
	if len(metrics) == 0 {
		return ""
	}
	first := metrics[0]
	for _, m := range metrics[1:] {
		if m.Of != first.Of || m.Percent != first.Percent {
			return "value"
		}
	}
	switch {
	case first.Of == panel.Count:
		return "rows"
	case len(metrics) == 1:
		return printable.Line(first.String())
	case first.Of == panel.Percentile:
		return "percentile " + number(first.Percent)
	}
	return string(first.Of)
}
