package testreport

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"hoplab.example/harness/util/need"
)

// Print says which tests were skipped because something is missing, and how to install
// it, and ends with the number of tests.
func (r Report) Print(w io.Writer) {
	for _, thing := range need.All {
		skips := r.of(func(s Skip) bool { found, ok := s.Thing(); return ok && found == thing })
		if len(skips) > 0 {
			fmt.Fprintf(w, "\n%d skipped because %s is missing. To install it: %s\n", len(skips), thing.What, thing.Get)
			printTests(w, skips)
		}
	}
	if others := r.of(func(s Skip) bool { _, ok := s.Thing(); return !ok }); len(others) > 0 {
		fmt.Fprintf(w, "\n%d skipped for another reason:\n", len(others))
		for len(others) > 0 {
			why := others[0].Why
			fmt.Fprintln(w, why)
			printTests(w, r.of(func(s Skip) bool { return s.Why == why }))
			others = slices.DeleteFunc(others, func(s Skip) bool { return s.Why == why })
		}
	}
	fmt.Fprintf(w, "\n%d passed, %d failed, %d skipped\n", r.Passed, r.Failed, len(r.Skips))
}

// Again returns the `go test` arguments that rerun the tests that were skipped because
// something was missing; nil if there are none.
func (r Report) Again() []string {
	tests, packages := map[string]bool{}, map[string]bool{}
	for _, s := range r.of(func(s Skip) bool { _, ok := s.Thing(); return ok }) {
		topLevelTest, _, _ := strings.Cut(s.Test, "/")
		tests[topLevelTest], packages["./"+s.Package] = true, true
	}
	if len(tests) == 0 {
		return nil
	}
	run := "-run=^(" + strings.Join(slices.Sorted(maps.Keys(tests)), "|") + ")$"
	return append([]string{run}, slices.Sorted(maps.Keys(packages))...)
}

func (r Report) of(wanted func(Skip) bool) (some []Skip) {
	for _, s := range r.Skips {
		if wanted(s) {
			some = append(some, s)
		}
	}
	return some
}

func printTests(w io.Writer, skips []Skip) {
	for _, s := range skips {
		fmt.Fprintf(w, "  %s %s\n", s.Package, s.Test)
	}
}

// Table returns a Markdown table of what each package costs, the slowest first.
// Packages of less than a second share its last row.
func (r Report) Table() string {
	packages := slices.SortedFunc(slices.Values(r.Packages), func(a, b Package) int {
		return cmp.Or(cmp.Compare(b.Elapsed, a.Elapsed), strings.Compare(a.Name, b.Name))
	})
	var b strings.Builder
	b.WriteString("| package | seconds |\n|---|---:|\n")
	small, sum := 0, 0.0
	for _, p := range packages {
		if seconds := p.Elapsed.Seconds(); seconds >= 1 {
			fmt.Fprintf(&b, "| `%s` | %.0f |\n", p.Name, seconds)
		} else {
			small, sum = small+1, sum+seconds
		}
	}
	fmt.Fprintf(&b, "| %d others together | %.0f |\n", small, sum)
	return b.String()
}
