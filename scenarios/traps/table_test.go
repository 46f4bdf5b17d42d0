package traps

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/verify/probe"
)

// refusedAt returns the symptom of a file whose statement fails, with the error
// at the place in the file that begins with culprit, and a hint.
func refusedAt(culprit string) func(*testing.T, trap, topic) {
	return func(t *testing.T, trap trap, over topic) {
		_, err := over.run(t, over.statements(t, trap.file))
		var wrong *flink.SQLError
		if !errors.As(err, &wrong) || !strings.Contains(wrong.Reason, trap.words) {
			t.Fatalf("error = %v, want a *flink.SQLError with %q", err, trap.words)
		}
		line := strings.Split(text(t, trap.file), "\n")[wrong.Line-1]
		if at := line[wrong.Column-1:]; !strings.HasPrefix(at, culprit) {
			t.Errorf("%s:%d:%d is %q, want %s", wrong.File, wrong.Line, wrong.Column, at, culprit)
		}
		if wrong.Hint() == "" {
			t.Errorf("%q has no hint", wrong.Reason)
		}
	}
}

// id returns the ID of a row that begins with usid, device, sensor and seq.
func id(row []any) string { return fmt.Sprintf("%v_%v_%v_%v", row[0], row[1], row[2], row[3]) }

// inputRow returns the row of the input that a row of the answer comes from.
func inputRow(t *testing.T, over topic, row []any) wisdm.Row {
	t.Helper()
	input, found := over.oracle.Row(id(row))
	if !found {
		t.Fatalf("no row of the input is %s", id(row))
	}
	return input
}

// times returns what an answer has for each row's time, and asserts that it is
// what reading ts as a count of units since 1970 gives.
func times(t *testing.T, trap trap, over topic, unit time.Duration) map[string]time.Time {
	t.Helper()
	seen := map[string]time.Time{}
	for _, row := range over.answer(t, trap.file) {
		perMilli := int64(time.Millisecond / unit)
		want := time.UnixMilli(inputRow(t, over, row).TS / perMilli).UTC()
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(row[4]))
		if err != nil || !at.Equal(want) {
			t.Fatalf("time of %s is %v, want %v", id(row), row[4], want)
		}
		seen[id(row)] = at
	}
	return seen
}

func isJanuary1970(t *testing.T, trap trap, over topic) {
	for id, at := range times(t, trap, over, time.Nanosecond) {
		if at.Year() != 1970 || at.Month() != time.January {
			t.Errorf("time of %s is %v, want one of January 1970", id, at)
		}
		if row, _ := over.oracle.Row(id); row.Time.Year() != wisdm.DefaultBase.Year() {
			t.Errorf("event time of %s is %v", id, row.Time)
		}
	}
}

// isEach50Seconds looks at a sensor of a nominal 20 Hz. Its clock jitters by less
// than a tenth of a millisecond, and it may leave a reading out.
func isEach50Seconds(t *testing.T, trap trap, over topic) {
	seen := times(t, trap, over, time.Microsecond)
	var gaps, usual int
	for _, next := range over.oracle.Rows() {
		last, found := over.oracle.Row(fmt.Sprintf("%d_%s_%s_%d", next.Subject, next.Device, next.Sensor, next.Seq-1))
		if !found || next.Subject != 1600 || next.Activity != last.Activity {
			continue
		}
		gaps++
		gap, really := seen[next.ID()].Sub(seen[last.ID()]), next.Time.Sub(last.Time)
		if near(gap, 50*time.Second) && near(really, 50*time.Millisecond) {
			usual++
		}
	}
	if gaps < 10 || usual*10 < gaps*9 {
		t.Errorf("%d of %d gaps are of 50 s where the event times are 50 ms apart, want nine in ten", usual, gaps)
	}
}

// near allows for the dataset's 20 Hz being 0.7 % slower, the jitter, and the millisecond
// to which an event time is truncated.
func near(got, want time.Duration) bool { return (got - want).Abs() <= want/40 }

func hasNoTime(t *testing.T, trap trap, over topic) {
	for _, row := range over.answer(t, trap.file) {
		if row[0] == nil || row[2] != nil {
			t.Fatalf("row is %v, want a usid and no ts", row)
		}
	}
}

func isCutOff(t *testing.T, trap trap, over topic) {
	for _, row := range over.answer(t, trap.file) {
		input := inputRow(t, over, row)
		for i, value := range []float64{input.X, input.Y, input.Z} {
			if want := int64(math.Trunc(value)); row[4+i] != want {
				t.Fatalf("%c of %s is %v, want %d of %v", "xyz"[i], id(row), row[4+i], want, value)
			}
		}
	}
	var table []flink.Statement
	for _, s := range over.statements(t, trap.file) {
		if strings.HasPrefix(s.Text, "CREATE TABLE") {
			table = append(table, s)
		}
	}
	result := probe.Flink{Client: over.Flink(), Tables: table, Table: over.Names.Table}.Check(t.Context(), over.oracle)
	scenario.Fails(t, result, "x is between")
}
