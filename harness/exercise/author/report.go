package author

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Rule names what a problem is about.
type Rule string

// The rules.
const (
	Definition Rule = "definition" // lab.yaml, and the lab's folder
	File       Rule = "file"       // work/ and the solution
	Hint       Rule = "hint"       // hints and rationale
	Points     Rule = "points"     // the points of the lab and of its page
	NoPage     Rule = "no-page"    // there is no README.md
	Page       Rule = "page"       // the page's cells
	Language   Rule = "language"   // the same page in another language
	Link       Rule = "link"
	Image      Rule = "image"
	Unwritten  Rule = "unwritten" // FIXME: the author's own mark
	Unsolved   Rule = "unsolved"  // files that aren't filled in get points
	Solved     Rule = "solved"    // the solution doesn't get all points
	Shown      Rule = "shown"     // the page shows an output that a run doesn't have
)

// Rules returns all rules.
func Rules() []Rule {
	return []Rule{Definition, File, Hint, Points, NoPage, Page, Language, Link, Image, Unwritten, Unsolved, Solved, Shown}
}

// Problem is what is wrong at a place of a lab's files.
type Problem struct {
	Rule    Rule   `json:"rule"`
	File    string `json:"file"` // in the checkout, with slashes
	Line    int    `json:"line"` // from 1
	Message string `json:"message"`
}

// String returns file:line: message. Further lines of the message are indented.
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, strings.ReplaceAll(strings.TrimSpace(p.Message), "\n", "\n    "))
}

// Report is what was checked and what is wrong.
type Report struct {
	Labs   int `json:"labs"`
	Checks int `json:"checks"`
	// Links is how many links and images of pages were followed, which are those
	// that lead to files of the checkout.
	Links    int       `json:"links"`
	Problems []Problem `json:"problems"`
}

// Add adds a problem.
func (r *Report) Add(rule Rule, file string, line int, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{rule, file, line, fmt.Sprintf(format, args...)})
}

// Except takes out the problems of some rules.
func (r *Report) Except(rules ...Rule) {
	r.Problems = slices.DeleteFunc(r.Problems, func(p Problem) bool { return slices.Contains(rules, p.Rule) })
}

// sort orders problems by place. What is said of a place twice, such as of two
// links in a line that are the same, is said once.
func (r *Report) sort() {
	slices.SortFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Message, b.Message))
	})
	r.Problems = slices.Compact(r.Problems)
}

// Summary says what was checked, such as "7 labs, 43 checks, 112 links".
func (r Report) Summary() string {
	return fmt.Sprintf("%s, %s, %s", count(r.Labs, "lab"), count(r.Checks, "check"), count(r.Links, "link"))
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// Print writes a line for each problem, and the summary.
func (r Report) Print(w io.Writer) {
	for _, p := range r.Problems {
		fmt.Fprintln(w, p)
	}
	found := "no problem"
	if n := len(r.Problems); n > 0 {
		found = count(n, "problem")
	}
	fmt.Fprintf(w, "%s: %s\n", r.Summary(), found)
}

// PrintJSON writes the report as JSON.
func (r Report) PrintJSON(w io.Writer) error {
	if r.Problems == nil {
		r.Problems = []Problem{} // a program wants a list
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}
