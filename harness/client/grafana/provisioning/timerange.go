package provisioning

import (
	"fmt"

	"hoplab.example/harness/client/panel"
)

// readRange reads a dashboard's time range, unless the options have one. Source:
// Grafana's manual, "Dashboard JSON model", time.
func readRange(from, to string, o Options) (panel.Range, error) {
	if o.Range != (panel.Range{}) {
		return o.Range, nil
	}
	first, err := panel.ParseTime(from, o.Now, false)
	if err != nil {
		return panel.Range{}, fmt.Errorf("from: %w", err)
	}
	last, err := panel.ParseTime(to, o.Now, true)
	if err != nil {
		return panel.Range{}, fmt.Errorf("to: %w", err)
	}
	if !first.Before(last) {
		return panel.Range{}, fmt.Errorf("from %q isn't before to %q", from, to)
	}
	return panel.Range{From: first, To: last}, nil
}
