package grade

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

// windowCounts are how many rows a window has, by its start in windowTime's form.
type windowCounts map[string]int64

// livePlan has the rows of one partition in the order in which they come, and what a
// watermark gives that is as far behind as rows may come late.
type livePlan struct {
	before []wisdm.Row // come before the job starts
	// first come while it runs. The last one's time makes a window final: with a
	// watermark that is a second further behind, it isn't.
	first []wisdm.Row
	final windowCounts // those that are final then
	// second begins with rows for that window, which are too late; then come others,
	// until a later window is nearly final: with a watermark a second less behind, it is.
	// Then come rows for that one, which aren't too late, and all others. The last one is
	// far later, so that all windows but its own are final.
	second []wisdm.Row
	edge   string // the window that rows come late for, in time
}

const (
	// margin is between a watermark and the end of a window.
	margin = time.Second / 2
	// afterwards is how far after all others the last row is.
	afterwards = time.Hour
	// tooLate of the rows come too late: one in so many of a window.
	tooLate = 40
)

// planLive makes a plan of rows in the order of event time.
func planLive(rows []wisdm.Row, size, late time.Duration) (livePlan, error) {
	w := wisdm.Windows{Size: size, Delay: late}
	begin := w.Begin(rows[0].Time)
	closed := begin.Add(3 * size) // the end of a window
	edge := closed.Add(2 * size)  // the end of another one
	last := rows[len(rows)-1]
	if last.Time.Before(edge.Add(late)) {
		return livePlan{}, fmt.Errorf("the lab's rows end at %s, and windows of %v of which one is final need rows until %s", last.Time, size, edge.Add(late))
	}
	var p livePlan
	var dropped, held, rest []wisdm.Row
	for i, r := range rows {
		switch {
		case i%tooLate == 0 && !r.Time.Before(closed.Add(-size)) && r.Time.Before(closed):
			dropped = append(dropped, r)
		case r.Time.After(edge.Add(-margin)) && r.Time.Before(edge):
			held = append(held, r)
		case r.Time.Before(begin.Add(size)):
			p.before = append(p.before, r)
		case !r.Time.After(closed.Add(late + margin)):
			p.first = append(p.first, r)
		case !r.Time.After(edge.Add(late - margin)):
			p.second = append(p.second, r)
		default:
			rest = append(rest, r)
		}
	}
	last.Time, last.Seq = last.Time.Add(afterwards), last.Seq+1
	p.second = slices.Concat(dropped, p.second, held, rest, []wisdm.Row{last})
	p.edge = edge.Add(-size).Format(windowTime)
	until := slices.Concat(p.before, p.first)
	p.final = finalBy(w, until, until[len(until)-1].Time.Add(-late))
	return p, nil
}

// pulse returns one more row at the time of the last one of first.
func (p livePlan) pulse(n int) wisdm.Row {
	r := p.first[len(p.first)-1]
	r.Seq += int64(n + 1<<20)
	return r
}

// all are the windows that are final in the end.
func (p livePlan) all(l *live) windowCounts {
	rows := slices.Concat(p.before, p.first, l.pulses, p.second)
	return finalBy(wisdm.Windows{Size: l.size, Delay: l.late}, rows, rows[len(rows)-1].Time.Add(-l.late))
}

// finalBy are the windows that are final when the watermark is there.
func finalBy(w wisdm.Windows, rows []wisdm.Row, watermark time.Time) windowCounts {
	counts, _ := w.Count(rows, wisdm.All)
	final := windowCounts{}
	for window, n := range counts {
		if !watermark.Before(window.Start.Add(w.Size - time.Millisecond)) {
			final[window.Start.Format(windowTime)] = n
		}
	}
	return final
}

// notThere is said of windows that are late, if not wrong: a busy machine gives it, too.
const notThere = "windows that can get no more rows aren't in the topic"

// judge compares the records of these windows.
func (l liveCounts) judge(want windowCounts, job *live) verdict {
	v := l.compare(want, job)
	counts := liveCounts{}
	for start, n := range want {
		counts[start] = []int64{n}
	}
	v.expected, v.actual = counts.String(), l.String()
	return v
}

// String is such as "2023-11-14: 22:13:12 197, 22:13:30 357", with each date once.
func (l liveCounts) String() string {
	var b strings.Builder
	last := ""
	for _, start := range slices.Sorted(maps.Keys(l)) {
		date, clock, _ := strings.Cut(strings.TrimSuffix(start, ".000"), " ")
		switch {
		case date != last:
			fmt.Fprintf(&b, " %s:", date)
		default:
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, " %s %s", clock, strings.Trim(fmt.Sprint(l[start]), "[]"))
		last = date
	}
	return strings.TrimSpace(b.String())
}

func (l liveCounts) compare(want windowCounts, job *live) verdict {
	if err := job.shape.wrong("window_start", "n"); err != nil {
		return failed(err)
	}
	if v := l.otherTimes(job); v.reason != "" {
		return v
	}
	if gone := l.missing(want); len(gone) > 0 {
		return failed(fmt.Errorf("%d of %d %s; the first is that of %v from %s", len(gone), len(want), notThere, job.size, gone[0]))
	}
	for _, start := range slices.Sorted(maps.Keys(want)) {
		n := l[start]
		switch {
		case len(n) > 1:
			return failed(fmt.Errorf("the window from %s is there %d times, with %v rows: a final count is written once", start, len(n), n))
		case n[0] < want[start] && start == job.plan.edge:
			return failed(fmt.Errorf("the window from %s has %d rows, want %d: rows that came up to %v late were dropped", start, n[0], want[start], job.late))
		case n[0] != want[start]:
			return failed(fmt.Errorf("the window from %s has %d rows, want %d", start, n[0], want[start]))
		}
	}
	return passed()
}

// otherTimes reports a window that begins when none does.
func (l liveCounts) otherTimes(job *live) verdict {
	known := finalBy(wisdm.Windows{Size: job.size, Delay: afterwards * 2}, slices.Concat(job.plan.before, job.plan.first, job.plan.second), time.Unix(1<<40, 0))
	for _, start := range slices.Sorted(maps.Keys(l)) {
		if _, fits := known[start]; !fits {
			return failed(fmt.Errorf("a record's window_start is %s, when no window of %v begins that has rows; their first is at %s",
				start, job.size, slices.Sorted(maps.Keys(known))[0]))
		}
	}
	return verdict{}
}

// nothingElse reports a window that isn't final yet.
func (l liveCounts) nothingElse(want windowCounts) verdict {
	for _, start := range slices.Sorted(maps.Keys(l)) {
		if _, final := want[start]; !final {
			return failed(fmt.Errorf("the window from %s is there, and rows of it may still come", start))
		}
	}
	return passed()
}
