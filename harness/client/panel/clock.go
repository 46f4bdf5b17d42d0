package panel

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	steps  = regexp.MustCompile(`^(?:[+-]\d+[a-zA-Z]+)*`)
	step   = regexp.MustCompile(`([+-]\d+)([a-zA-Z]+)`)
	truncs = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
)

// Relative reports whether a dashboard's time depends on the clock.
func Relative(text string) bool { return strings.HasPrefix(text, "now") }

// ParseTime reads a time of a dashboard: RFC 3339, or now with steps and a rounding,
// such as now-15m, now-5y or now-1d/d. Rounding is down, and up to the last millisecond
// for the end of a range. Source: Kibana's guide, "Set the time range", and Grafana's
// manual, "Use dashboards", time units and relative ranges.
func ParseTime(text string, now time.Time, end bool) (time.Time, error) {
	if !Relative(text) {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return time.Time{}, fmt.Errorf("%q isn't a time such as 2023-11-14T22:10:00.000Z or now-15m", text)
		}
		return at.UTC(), nil
	}
	moves, unit, rounded := strings.Cut(text[len("now"):], "/")
	if steps.FindString(moves) != moves {
		return time.Time{}, fmt.Errorf("%q isn't understood; want now with steps such as -15m, and a rounding such as /d", text)
	}
	at := now.UTC()
	for _, s := range step.FindAllStringSubmatch(moves, -1) {
		n, err := strconv.Atoi(s[1])
		if err != nil {
			return at, fmt.Errorf("%q: %w", text, err)
		}
		if at, err = move(at, n, s[2]); err != nil {
			return at, fmt.Errorf("%q: %w", text, err)
		}
	}
	if !rounded {
		return at, nil
	}
	begin, next, err := around(at, unit)
	if err != nil {
		return at, fmt.Errorf("%q: %w", text, err)
	}
	if end {
		return next.Add(-time.Millisecond), nil
	}
	return begin, nil
}

// move adds n units. Years and months are the calendar's.
func move(at time.Time, n int, unit string) (time.Time, error) {
	switch unit {
	case "y":
		return at.AddDate(n, 0, 0), nil
	case "M":
		return at.AddDate(0, n, 0), nil
	case "w":
		return at.AddDate(0, 0, 7*n), nil
	case "ms":
		return at.Add(time.Duration(n) * time.Millisecond), nil
	}
	length, known := truncs[unit]
	if !known {
		return at, fmt.Errorf("the unit %q isn't understood; want one of s, m, h, d, w, M, y", unit)
	}
	return at.Add(time.Duration(n) * length), nil
}

// around returns the beginning of the unit that holds a time, and of the next one. Weeks
// aren't read: on which day they begin is a setting of the viewer's.
func around(at time.Time, unit string) (begin, next time.Time, err error) {
	switch unit {
	case "M":
		begin = Month.start(at)
		return begin, begin.AddDate(0, 1, 0), nil
	case "y":
		begin = Year.start(at)
		return begin, begin.AddDate(1, 0, 0), nil
	}
	length, known := truncs[unit]
	if !known {
		return at, at, fmt.Errorf("rounding to %q isn't understood; want one of s, m, h, d, M, y", unit)
	}
	begin = at.Truncate(length)
	return begin, begin.Add(length), nil
}
