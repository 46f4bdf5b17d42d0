package notebook

import (
	"time"
)

// Kind is what a cell is, and the first word of its info string.
type Kind string

// The kinds of cells.
const (
	SQL  Kind = "sql"
	Sh   Kind = "sh"
	JSON Kind = "json"
	HTTP Kind = "http"
)

var kinds = []Kind{SQL, Sh, JSON, HTTP}

// Page is a notebook. Its cells are in the order in which they run.
type Page struct {
	Name  string // of its file, for errors
	Cells []Cell

	source []byte
}

// Source returns the page's text, as it was parsed.
func (p *Page) Source() string { return string(p.source) }

// Cell is a fenced block that can be run.
type Cell struct {
	Page string // the page's name
	Line int    // of its opening fence, from 1: its code begins on the next
	Kind Kind
	// ID is "" if the page gives none.
	ID string
	// File is the file of the lab's solution that the code is, with slashes, or
	// "".
	File  string
	NoRun bool
	Fails bool // it must fail
	// Limit is its own time limit, or 0.
	Limit time.Duration
	// Code has "\n" at the end of each line, whatever the page has.
	Code string
	// Output is what the page shows of its output, or nil.
	Output *Output
	// Params are the run's parameters. Run sets them, and fills them into the code of
	// json and http cells. The executors of sql and sh apply them.
	Params map[string]string

	body  span
	shift []shift // what filling in did to the code
}

// Output is what the page shows of a cell's output.
type Output struct {
	Page string
	Line int    // of its opening fence, from 1
	Text string // with "\n" at the end of each line

	fence  string // "```", or longer
	fenced span   // with its fences
	body   span
}

// span is a part of a page's source, by offsets in bytes.
type span struct{ start, end int }

// Name is what reports call the cell: its id, or its kind and line.
func (c Cell) Name() string {
	if c.ID != "" {
		return c.ID
	}
	return string(c.Kind) + " at line " + itoa(c.Line)
}
