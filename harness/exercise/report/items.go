package report

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"hoplab.example/harness/verify/hop"
)

// Item is how a class did at one check, in students.
type Item struct {
	Lab, Check, Title                     string
	Points                                int // what it gives
	Passed, Failed, Skipped, NotMade, All int
}

// Items returns the checks in the labs' order, with how many students passed each.
func (r Report) Items() (items []Item) {
	r = r.sorted()
	for _, lab := range r.labs() {
		at := map[string]int{}
		for _, s := range r.Students {
			l, _ := s.lab(lab)
			for _, c := range l.Checks {
				i, known := at[c.ID]
				if !known {
					i = len(items)
					at[c.ID] = i
					items = append(items, Item{Lab: cell(lab), Check: cell(c.ID), Title: cell(c.Title), Points: c.Max})
				}
				items[i].count(c.Outcome)
			}
		}
	}
	return items
}

func (i *Item) count(outcome hop.Outcome) {
	i.All++
	switch outcome {
	case hop.Passed:
		i.Passed++
	case hop.Failed:
		i.Failed++
	case hop.Skipped:
		i.Skipped++
	case hop.Error:
		i.NotMade++
	}
}

// listedItems is how many checks a summary has.
const listedItems = 10

// worst returns the checks that most students failed, those with the most first.
func (r Report) worst() []Item {
	items := slices.DeleteFunc(r.Items(), func(i Item) bool { return i.Failed == 0 })
	slices.SortStableFunc(items, func(a, b Item) int { return cmp.Compare(b.Failed, a.Failed) })
	return items[:min(len(items), listedItems)]
}

func (r Report) printItems(out io.Writer) {
	items := r.worst()
	if len(items) == 0 {
		return
	}
	fmt.Fprintln(out, "\nchecks that were failed most:")
	for _, i := range items {
		fmt.Fprintf(out, "  %s  %s\n", inLog(fmt.Sprintf("%d of %d", i.Failed, i.All)), inLog(fmt.Sprintf("%s %s: %s", i.Lab, i.Check, i.Title)))
	}
}

// ItemsCSV returns the item statistics: one row per check, with how many students
// passed it, failed it, had it skipped because of another one, or couldn't be checked.
func (r Report) ItemsCSV() ([]byte, error) {
	r, err := r.ready()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	writer := csv.NewWriter(&out)
	writer.Write([]string{"lab", "check", "title", "points", "students", "passed", "failed", "skipped", "not made"}) // the Flush below has its error
	for _, i := range r.Items() {
		row := []string{Plain(i.Lab), Plain(i.Check), Plain(i.Title)}
		for _, n := range []int{i.Points, i.All, i.Passed, i.Failed, i.Skipped, i.NotMade} {
			row = append(row, strconv.Itoa(n))
		}
		writer.Write(row)
	}
	writer.Flush()
	return out.Bytes(), writer.Error()
}
