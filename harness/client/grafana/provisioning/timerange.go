package provisioning

import (
	"fmt"
	"time"

	"hoplab.example/harness/client/panel"
)

// readRange reads a dashboard's time range: RFC 3339, or now and now-1h if there is a
// clock. Source: Grafana's manual, "Dashboard JSON model", time.
func readRange(from, to string, now time.Time) (panel.Range, error) {
	first, err := readTime(from, now)
	if err != nil {
		return panel.Range{}, fmt.Errorf("from: %w", err)
	}
	last, err := readTime(to, now)
	if err != nil {
		return panel.Range{}, fmt.Errorf("to: %w", err)
	}
	if !first.Before(last) {
		return panel.Range{}, fmt.Errorf("from %q isn't before to %q", from, to)
	}
	return panel.Range{From: first, To: last}, nil
}

func readTime(text string, now time.Time) (time.Time, error) {
	if len(text) < 3 || text[:3] != "now" {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return at, fmt.Errorf("%q isn't a time such as 2023-11-14T22:13:00.000Z or now-1h", text)
		}
		return at.UTC(), nil
	}
	if now.IsZero() {
		return now, fmt.Errorf("%q depends on the clock, but the rows' times are fixed; give times such as 2023-11-14T22:13:00.000Z", text)
	}
	if text == "now" {
		return now.UTC(), nil
	}
	millis, err := milliseconds(text[3:][1:])
	if text[3] != '-' || err != nil {
		return now, fmt.Errorf("%q isn't understood here, want a time such as now-1h", text)
	}
	return now.UTC().Add(-time.Duration(millis) * time.Millisecond), nil
}
