package savedobject

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// step is an interval that Kibana chooses if a bar would otherwise be shorter than
// bound.
type step struct{ bound, interval time.Duration }

// steps are Kibana's, the longest first, up to a day.
// Source: calc_auto_interval.ts of its plugin data.
var steps = []step{
	{7 * 24 * time.Hour, 24 * time.Hour}, {24 * time.Hour, 12 * time.Hour}, {6 * time.Hour, 3 * time.Hour},
	{2 * time.Hour, time.Hour}, {45 * time.Minute, 30 * time.Minute}, {20 * time.Minute, 10 * time.Minute},
	{9 * time.Minute, 5 * time.Minute}, {3 * time.Minute, time.Minute}, {45 * time.Second, 30 * time.Second},
	{15 * time.Second, 10 * time.Second}, {7500 * time.Millisecond, 5 * time.Second}, {5 * time.Second, time.Second},
	{500 * time.Millisecond, 100 * time.Millisecond},
}

// The number of bars that Kibana 7.17 aims at, and the largest number that it draws:
// the settings histogram:barTarget and histogram:maxBars.
const (
	barTarget = 50
	maxBars   = 100
)

// autoInterval is Kibana's interval for "auto" over a time range.
func autoInterval(length time.Duration) (time.Duration, error) {
	bar := length / barTarget
	if bar >= steps[0].bound {
		return 0, fmt.Errorf("interval auto over %s means weeks or more, which isn't understood here; choose an interval", length)
	}
	for i, s := range steps[1:] {
		if s.bound <= bar {
			return steps[i].interval, nil
		}
	}
	if bar >= 500*time.Millisecond {
		return steps[len(steps)-1].interval, nil
	}
	return max(bar.Truncate(time.Millisecond), time.Millisecond), nil
}

// leastInterval is the shortest interval over a time range. Kibana lengthens a shorter
// one to this.
func leastInterval(length time.Duration) time.Duration {
	bar := length / maxBars
	for _, s := range steps {
		if s.interval <= bar {
			return s.interval
		}
	}
	return max(bar.Truncate(time.Millisecond), time.Millisecond)
}

// longest is the longest interval that is read.
const longest = 1000 * 24 * time.Hour

// parseInterval reads an interval of up to days, such as 10s, or m for a minute.
func parseInterval(text string, length time.Duration) (time.Duration, error) {
	if text == "" || text == "auto" {
		return autoInterval(length)
	}
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzM")
	count, err := 1, error(nil)
	if digits != "" {
		count, err = strconv.Atoi(digits)
	}
	unit, known := units[text[len(digits):]]
	if err != nil || !known || unit > units["d"] || count < 1 || count > int(longest/unit) {
		return 0, fmt.Errorf("interval %q isn't understood; want auto, or a number and one of ms, s, m, h, d, up to 1000d", text)
	}
	return time.Duration(count) * unit, nil
}

// elasticInterval writes an interval, and the name under which Kibana sends it: exactly
// one minute, hour or day is a calendar interval.
// Source: date_histogram_interval.ts and parse_es_interval.ts of its plugin data.
func elasticInterval(ms float64) (name, value string) {
	length := time.Duration(ms) * time.Millisecond
	for _, unit := range []string{"d", "h", "m", "s"} {
		if count := length / units[unit]; count > 0 && length%units[unit] == 0 {
			if count == 1 && unit != "s" {
				return "calendar_interval", "1" + unit
			}
			return "fixed_interval", fmt.Sprintf("%d%s", count, unit)
		}
	}
	return "fixed_interval", fmt.Sprintf("%dms", length/time.Millisecond)
}
