package savedobject

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// step is an interval that Kibana chooses if a bar would otherwise be shorter than
// bound.
type step struct{ bound, interval time.Duration }

// steps are Kibana's, the longest first. A month and a year are of 30 and 365 days, as
// fixed intervals. Source: calc_auto_interval.ts and calc_es_interval.ts of its plugin
// data (src/plugins/data/common/search/aggs/buckets/lib/time_buckets).
var steps = []step{
	{math.MaxInt64, 365 * day}, {365 * day, 30 * day}, {3 * week, week},
	{week, day}, {day, 12 * time.Hour}, {6 * time.Hour, 3 * time.Hour},
	{2 * time.Hour, time.Hour}, {45 * time.Minute, 30 * time.Minute}, {20 * time.Minute, 10 * time.Minute},
	{9 * time.Minute, 5 * time.Minute}, {3 * time.Minute, time.Minute}, {45 * time.Second, 30 * time.Second},
	{15 * time.Second, 10 * time.Second}, {7500 * time.Millisecond, 5 * time.Second}, {5 * time.Second, time.Second},
	{500 * time.Millisecond, 100 * time.Millisecond},
}

// The number of bars that Kibana 7.17 aims at, and the largest number that it draws:
// histogram:barTarget and histogram:maxBars in src/plugins/data/server/ui_settings.ts.
const (
	barTarget = 50
	maxBars   = 100
)

// autoInterval is Kibana's interval for "auto" over a time range.
func autoInterval(length time.Duration) time.Duration {
	bar := length / barTarget
	for i, s := range steps[1:] {
		if s.bound <= bar {
			return steps[i].interval
		}
	}
	return max(bar.Truncate(time.Millisecond), time.Millisecond)
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

// longest is the longest interval in days that is read.
const longest = 1000 * day

// parseInterval reads an interval such as 10s, m for a minute, or 1M for a month of the
// calendar.
func parseInterval(text string) (time.Duration, panel.Calendar, error) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzM")
	count, err := 1, error(nil)
	if digits != "" {
		count, err = strconv.Atoi(digits)
	}
	if c := panel.Calendar("1" + text[len(digits):]); c.Length() > 0 && count == 1 && err == nil {
		return c.Length(), c, nil
	}
	unit, known := panel.Units[text[len(digits):]]
	if err != nil || !known || count < 1 || count > int(longest/unit) {
		return 0, "", fmt.Errorf("interval %q isn't understood; want auto, or a number and one of ms, s, m, h, d, up to 1000d, or 1w, 1M or 1y", text)
	}
	return time.Duration(count) * unit, "", nil
}

// setDates gives a date histogram the interval that Kibana sends: over a long time
// range it lengthens a short one, to draw at most 100 bars (searches of 7.17.6).
func setDates(b *panel.Bucket, text string, length time.Duration, lengthen bool) error {
	interval := autoInterval(length)
	given := text != "" && text != "auto"
	if given {
		var err error
		if interval, b.Calendar, err = parseInterval(text); err != nil {
			return err
		}
	}
	if least := leastInterval(length); lengthen && interval < least {
		interval, b.Calendar, given = least, "", false
	}
	if interval == week && !given {
		b.Calendar = panel.Week
	}
	b.Interval = float64(interval.Milliseconds())
	return nil
}

// elasticInterval writes an interval, and the name under which Kibana sends it: exactly
// one minute, hour or day is a calendar interval.
// Source: date_histogram_interval.ts and parse_es_interval.ts of its plugin data.
func elasticInterval(b panel.Bucket) (name, value string) {
	if b.Calendar != "" {
		return "calendar_interval", string(b.Calendar)
	}
	length := time.Duration(b.Interval) * time.Millisecond
	for _, unit := range []string{"d", "h", "m", "s"} {
		if count := length / panel.Units[unit]; count > 0 && length%panel.Units[unit] == 0 {
			if count == 1 && unit != "s" {
				return "calendar_interval", "1" + unit
			}
			return "fixed_interval", fmt.Sprintf("%d%s", count, unit)
		}
	}
	return "fixed_interval", fmt.Sprintf("%dms", length/time.Millisecond)
}
