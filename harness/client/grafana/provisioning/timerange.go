package provisioning

import (
	"fmt"
	"time"

	"hoplab.example/harness/client/panel"
)

// readRange reads a dashboard's time range, and moves ends that don't depend on the
// clock. Source: Grafana's manual, "Dashboard JSON model", time.
func readRange(from, to string, o Options) (panel.Range, error) {
	first, err := readTime(from, o, false)
	if err != nil {
		return panel.Range{}, fmt.Errorf("from: %w", err)
	}
	last, err := readTime(to, o, true)
	if err != nil {
		return panel.Range{}, fmt.Errorf("to: %w", err)
	}
	if !first.Before(last) {
		return panel.Range{}, fmt.Errorf("from %q isn't before to %q", from, to)
	}
	return panel.Range{From: first, To: last}, nil
}

func readTime(text string, o Options, end bool) (time.Time, error) {
	at, err := panel.ParseTime(text, o.Now, end)
	if !panel.Relative(text) {
		at = at.Add(o.Shift)
	}
	return at, err
}
