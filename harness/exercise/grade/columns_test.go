package grade

import (
	"testing"

	"hoplab.example/harness/rows/wisdm"
)

func TestMisfit(t *testing.T) {
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Rows: 300}, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows := append(oracle.Rows(), wisdm.Row{X: 2, Y: 0.5, Z: 7})[298:]
	rows[0].X, rows[1].X = 0.25, -1.1
	for _, c := range []struct{ column, kind, want string }{
		{"x", "", "column x isn't there"},
		{"x", "BIGINT", "column x is cut to a whole number in 2 of 3 rows"},
		{"x", "FLOAT", "column x has other digits than were sent in 1 of 3 rows"},
		{"x", "STRING", "column x is STRING, and a message has 0.25 there"},
		{"action", "INT", `column action is INT, and a message has "` + rows[0].Activity + `" there`},
		{"event_time", "TIMESTAMP(3)", `column event_time is TIMESTAMP(3), and a message has "` + rows[0].Time.Format(wisdm.TimeLayout) + `" there`},
	} {
		if got := misfit(c.column, c.kind, rows); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.column, c.kind, got, c.want)
		}
	}
}
