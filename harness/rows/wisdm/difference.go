package wisdm

import (
	"fmt"
	"strings"
)

// Difference says how the rows at a hop differ from those expected. All its
// numbers count rows.
type Difference struct {
	Expected, Actual int64 // Actual counts repeats too
	Missing          int64 // expected, not seen
	Unexpected       int64 // seen, with an ID that isn't expected
	Repeated         int64 // seen again, where that isn't allowed
	Changed          int64 // seen, with another value in some field
	OutOfOrder       int64 // seen after a later row of the same subject

	examples [kinds][]string
}

const (
	missing = iota
	unexpected
	repeated
	changed
	outOfOrder
	kinds
)

// maxExamples is how many rows of a kind are shown.
const maxExamples = 5

func (d *Difference) example(kind int, format string, args ...any) {
	if len(d.examples[kind]) < maxExamples {
		d.examples[kind] = append(d.examples[kind], fmt.Sprintf(format, args...))
	}
}

type kindCount struct {
	name  string
	count int64
}

func (d *Difference) counts() [kinds]kindCount {
	return [kinds]kindCount{
		missing:    {"missing", d.Missing},
		unexpected: {"unexpected", d.Unexpected},
		repeated:   {"repeated", d.Repeated},
		changed:    {"changed", d.Changed},
		outOfOrder: {"out of order", d.OutOfOrder},
	}
}

func (d *Difference) none() bool {
	for _, kind := range d.counts() {
		if kind.count > 0 {
			return false
		}
	}
	return true
}

// Error counts the kinds of difference in its first line, and shows the first
// rows of each below it:
//
//	expected 3000 rows, got 2999: 1 missing, 1 changed
//	  missing:
//	    1600_watch_accel_17: activity A, ts 252207666810782, x …
//	  changed:
//	    1600_watch_accel_18: x is 0, want -0.36476135
func (d *Difference) Error() string {
	var counts []string
	var lines strings.Builder
	for kind, k := range d.counts() {
		if k.count == 0 {
			continue
		}
		counts = append(counts, fmt.Sprintf("%d %s", k.count, k.name))
		fmt.Fprintf(&lines, "\n  %s:", k.name)
		for _, example := range d.examples[kind] {
			fmt.Fprintf(&lines, "\n    %s", example)
		}
		if more := k.count - int64(len(d.examples[kind])); more > 0 {
			fmt.Fprintf(&lines, "\n    and %d more", more)
		}
	}
	return fmt.Sprintf("expected %d rows, got %d: %s%s", d.Expected, d.Actual, strings.Join(counts, ", "), lines.String())
}
