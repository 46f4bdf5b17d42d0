package notebook

// Costs of the steps that turn a shown output into the actual one. Replacing a line
// is cheaper than dropping it and letting a "..." cover the new one: a last line
// that has changed is reported, not hidden.
const (
	costReplace = 2
	costAdd     = 2
	costDrop    = 3
)

// maxTable bounds the work and the memory for one comparison.
const maxTable = 4 << 20 // pairs of lines

// step is one step from the shown lines to the actual ones, with a shown line, an
// actual one, or both; -1 stands for none.
type step struct {
	shown, actual int
	same          bool // the shown line stays
}

// align finds the cheapest steps. If there are too many lines for that, all shown
// ones are dropped and all actual ones added.
func align(want []shownLine, got []string) []step {
	if (len(want)+1)*(len(got)+1) > maxTable {
		return renew(want, got)
	}
	t := newTable(want, got)
	var steps []step
	for w, g := 0, 0; w < len(want) || g < len(got); {
		s := t.next(w, g)
		steps = append(steps, s)
		if s.actual >= 0 {
			g++
		}
		if s.shown >= 0 && !(want[s.shown].any() && s.actual >= 0) {
			w++
		}
	}
	return steps
}

func renew(want []shownLine, got []string) []step {
	var steps []step
	for w := range want {
		steps = append(steps, step{shown: w, actual: -1})
	}
	for g := range got {
		steps = append(steps, step{shown: -1, actual: g})
	}
	return steps
}

// table has the cost from each pair of positions to the end.
type table struct {
	want []shownLine
	got  []string
	cost []int32
}

func newTable(want []shownLine, got []string) table {
	t := table{want, got, make([]int32, (len(want)+1)*(len(got)+1))}
	for w := len(want); w >= 0; w-- {
		for g := len(got); g >= 0; g-- {
			if w == len(want) && g == len(got) {
				continue
			}
			cost, _ := t.best(w, g)
			t.cost[w*(len(got)+1)+g] = cost
		}
	}
	return t
}

func (t table) at(w, g int) int32 { return t.cost[w*(len(t.got)+1)+g] }

func (t table) next(w, g int) step {
	_, s := t.best(w, g)
	return s
}

// best returns the cheapest step at a pair of positions, and the cost from there to
// the end.
func (t table) best(w, g int) (int32, step) {
	least, found := int32(-1), step{}
	try := func(cost int32, s step) {
		if least < 0 || cost < least {
			least, found = cost, s
		}
	}
	moreWant, moreGot := w < len(t.want), g < len(t.got)
	switch {
	case moreWant && t.want[w].any():
		try(t.at(w+1, g), step{w, -1, true})
		if moreGot {
			try(t.at(w, g+1), step{w, g, true})
		}
		return least, found
	case moreWant && moreGot && t.want[w].matches(t.got[g]):
		return t.at(w+1, g+1), step{w, g, true}
	}
	if moreWant && moreGot {
		try(costReplace+t.at(w+1, g+1), step{w, g, false})
	}
	if moreWant {
		try(costDrop+t.at(w+1, g), step{w, -1, false})
	}
	if moreGot {
		try(costAdd+t.at(w, g+1), step{-1, g, false})
	}
	return least, found
}
