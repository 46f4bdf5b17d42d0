package savedobject

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
)

// span converts the ends of a stored time range to times.
func (e *export) span(r timeRange) (panel.Range, error) {
	from, err := instant(r.From, e.Now, false)
	if err != nil {
		return panel.Range{}, fmt.Errorf("its time range begins at %q: %w", r.From, err)
	}
	to, err := instant(r.To, e.Now, true)
	if err != nil {
		return panel.Range{}, fmt.Errorf("its time range ends at %q: %w", r.To, err)
	}
	if to.Before(from) {
		return panel.Range{}, fmt.Errorf("its time range ends at %q, before it begins at %q", r.To, r.From)
	}
	return panel.Range{From: from, To: to}, nil
}

// instant reads a time in RFC 3339, or Elasticsearch's date math on now, such as
// now-15m or now/d. Rounding is down, and for the end of a range up to the last
// millisecond. Source: Elasticsearch's guide, "Date math".
func instant(text string, now time.Time, end bool) (time.Time, error) {
	rest, relative := strings.CutPrefix(text, "now")
	if !relative {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return time.Time{}, fmt.Errorf("want a time such as 2023-11-14T22:10:00.000Z, or now-15m")
		}
		return at.UTC(), nil
	}
	at, round, rounded := now.UTC(), "", false
	rest, round, rounded = strings.Cut(rest, "/")
	if rest != "" {
		count, err := strconv.Atoi(rest[:len(rest)-1])
		if unit, known := units[rest[len(rest)-1:]]; known && err == nil {
			at = at.Add(time.Duration(count) * unit)
		} else {
			return time.Time{}, fmt.Errorf("%q isn't understood; want a number and one of s, m, h, d, w", rest)
		}
	}
	if !rounded {
		return at, nil
	}
	unit, known := units[round]
	if !known || round == "w" { // Truncate doesn't know that weeks begin on Monday
		return time.Time{}, fmt.Errorf("rounding to %q isn't understood; want one of s, m, h, d", round)
	}
	at = at.Truncate(unit)
	if end {
		at = at.Add(unit - time.Millisecond)
	}
	return at, nil
}

var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}
