// Package faults has the tests of what a pipeline keeps when its servers are
// killed, paused, cut off or refuse to work: no row is lost, and none is in
// Elasticsearch twice.
package faults

import (
	"slices"
	"testing"
	"time"

	"hoplab.example/harness/experiment/fault"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// everywhere are the cases that are tried in each runtime. What differs is how
// servers are killed and started again, and the network between them.
var everywhere = []string{"kill mosquitto", "kill kafka", "cut bridge - kafka"}

// TestFaults tries the short form's cases, one after another on one stack; 'lab dev
// faults' tries all.
func TestFaults(t *testing.T) {
	s := scenario.Disturbed(t, fault.Core...)
	for _, c := range fault.Cases() {
		if !c.Short {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if !slices.Contains(everywhere, c.Name) {
				testenv.AsProcesses(t, "some faults")
			}
			result, err := c.Run(t.Context(), fault.Options{Client: s.Run().Client, Stage: stage(t)})
			if err != nil {
				t.Fatal(err)
			}
			show(t, result)
			if result.Wrong != "" {
				t.Error(result.Wrong)
			}
		})
	}
}

func stage(t *testing.T) func(string) {
	return func(what string) { t.Logf("%s %s", time.Now().Format("15:04:05.000"), what) }
}

func show(t *testing.T, result fault.Result) {
	t.Helper()
	for _, seen := range result.Seen {
		t.Logf("%s: %s, of %d rows", seen.Hop, seen, result.Rows)
	}
}
