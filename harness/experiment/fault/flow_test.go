package fault

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/rows/wisdm"
)

// read returns the first n rows.
func read(t *testing.T, input wisdm.Input, n int) (rows []wisdm.Row) {
	t.Helper()
	src, err := input.Open()
	if err != nil {
		t.Fatal(err)
	}
	placed := wisdm.Placed(src, wisdm.DefaultBase)
	for range n {
		row, err := placed.Read()
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestStoppable(t *testing.T) {
	g := newStoppable(input)
	src, err := g.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := src.Read(); err != nil {
		t.Fatal(err)
	}
	g.stop()
	if _, err := src.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("after stop: %v, want io.EOF", err)
	}
}

// TestFollower: what is lost, and what is there twice.
func TestFollower(t *testing.T) {
	const n = 500
	rows := read(t, input, n)
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, n)
	if err != nil {
		t.Fatal(err)
	}
	changed := rows[7]
	changed.X++
	i := slices.IndexFunc(rows, func(r wisdm.Row) bool { return r.Subject == rows[0].Subject && r.Seq == 2 })
	late := append(append(rows[1:i+1:i+1], rows[0]), rows[i+1:]...) // after the next one of its subject
	for _, test := range []struct {
		name           string
		rows           []wisdm.Row
		lost, repeated int64
		problem        string
	}{
		{"all", rows, 0, 0, ""},
		{"one lost", rows[1:], 1, 0, ""},
		{"one twice", append(rows[:n:n], rows[3]), 0, 1, ""},
		{"one lost and two twice", append(rows[1:n:n], rows[3], rows[4]), 1, 2, ""},
		{"one changed", append(append(rows[:7:7], changed), rows[8:]...), 0, 0, "1 changed"},
		{"out of order", late, 0, 0, "1 out of order"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := &follower{ids: map[string]bool{}}
			for _, row := range test.rows {
				f.take(kafka.Message{Value: wisdm.AppendMessage(nil, row)})
			}
			lost, repeated, problem := f.compare(oracle, true)
			if lost != test.lost || repeated != test.repeated || (problem == "") != (test.problem == "") || !strings.Contains(problem, test.problem) {
				t.Errorf("lost %d, repeated %d, problem %q", lost, repeated, problem)
			}
		})
	}
	f := &follower{ids: map[string]bool{}}
	f.take(kafka.Message{Value: []byte("no row"), Offset: 7})
	if _, _, problem := f.compare(oracle, true); !strings.Contains(problem, "offset 7") {
		t.Errorf("problem = %q", problem)
	}
}
