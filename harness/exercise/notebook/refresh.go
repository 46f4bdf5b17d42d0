package notebook

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Refresh returns the page's source with the outputs of a report's cells, as far as
// a page can show them (see Result). A shown line that still matches stays, with its
// wildcards; an output that matches stays the same, byte for byte, and so does all
// other text.
func (p *Page) Refresh(report Report) []byte {
	var edits []edit
	for _, r := range report.Results {
		if r.Cell.Output == nil || !r.Showable || Match(*r.Cell.Output, r.Output, r.Cell.Params) == nil {
			continue
		}
		edits = append(edits, p.show(*r.Cell.Output, merge(*r.Cell.Output, r.Output, r.Cell.Params)))
	}
	return p.apply(edits)
}

// merge returns the actual lines, or the shown ones where they match.
func merge(shown Output, actual string, params map[string]string) string {
	want, got := shownLines(shown.Text, params), outputLines(actual)
	var out strings.Builder
	for _, s := range align(want, got) {
		switch {
		case s.same && want[s.shown].any() && s.actual >= 0: // written once, where it ends
		case s.same:
			out.WriteString(want[s.shown].text + "\n")
		case s.actual >= 0:
			out.WriteString(got[s.actual] + "\n")
		}
	}
	return out.String()
}

// show replaces the text of an output. Its fences grow if the text has one that
// would close the block.
func (p *Page) show(o Output, text string) edit {
	fence := o.fence
	for line := range strings.SplitSeq(text, "\n") {
		trimmed := strings.TrimLeft(line, " ")
		n := len(trimmed) - len(strings.TrimLeft(trimmed, fence[:1]))
		fence += strings.Repeat(fence[:1], max(0, n-len(fence)+1))
	}
	if fence == o.fence {
		return edit{o.body, p.lines(text)}
	}
	fenced := p.source[o.fenced.start:o.fenced.end]
	first := bytes.TrimPrefix(fenced[:o.body.start-o.fenced.start], []byte(o.fence))
	last := bytes.TrimLeft(fenced[o.body.end-o.fenced.start:], " "+fence[:1])
	return edit{o.fenced, fence + string(first) + p.lines(text) + fence + string(last)}
}

// CheckFiles returns an error for each cell whose code isn't the file of solution,
// the folder of the lab's solution, that it names.
func (p *Page) CheckFiles(solution fs.FS) error {
	var errs []error
	for _, c := range p.Cells {
		if c.File == "" {
			continue
		}
		text, err := readFile(solution, c)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if text != c.Code {
			line, column := firstChange(c.Code, text)
			errs = append(errs, &Error{File: c.Page, Line: c.Line + line, Column: column,
				Reason: fmt.Sprintf("from here on the block differs from line %[2]d of the solution's file %[1]s: refresh the page", c.File, line)})
		}
	}
	return errors.Join(errs...)
}

// RefreshFiles returns the page's source with the files of solution in the blocks
// that name them.
func (p *Page) RefreshFiles(solution fs.FS) ([]byte, error) {
	var edits []edit
	var errs []error
	for _, c := range p.Cells {
		if c.File == "" {
			continue
		}
		text, err := readFile(solution, c)
		switch {
		case err != nil:
			errs = append(errs, err)
		case text != c.Code:
			edits = append(edits, edit{c.body, p.lines(text)})
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return p.checked(p.apply(edits))
}

// checked refuses a source with another number of cells than the page: a file with a
// fence in it would end its block.
func (p *Page) checked(source []byte) ([]byte, error) {
	again, err := Parse(p.Name, source)
	if err == nil && len(again.Cells) != len(p.Cells) {
		err = &Error{File: p.Name, Line: 1, Reason: "with its files inserted the page would have other cells: does a file have a line that closes its block? Use a longer fence there"}
	}
	return source, err
}

func readFile(solution fs.FS, c Cell) (string, error) {
	text, err := fs.ReadFile(solution, c.File)
	if err != nil {
		return "", &Error{File: c.Page, Line: c.Line, Reason: fmt.Sprintf("file=%s: %v", c.File, err)}
	}
	code := unix(text)
	if code != "" && !strings.HasSuffix(code, "\n") {
		code += "\n" // a block needs one
	}
	return code, nil
}

// firstChange returns where two texts begin to differ.
func firstChange(a, b string) (line, column int) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(as), len(bs)) {
		if as[i] != bs[i] {
			x, y := []rune(as[i]), []rune(bs[i])
			n := 0
			for n < min(len(x), len(y)) && x[n] == y[n] {
				n++
			}
			return i + 1, n + 1
		}
	}
	return min(len(as), len(bs)), 1
}

// edit is one replacement in a page's source.
type edit struct {
	span
	text string
}

func (p *Page) apply(edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out []byte
	at := 0
	for _, e := range edits {
		out = append(append(out, p.source[at:e.start]...), e.text...)
		at = e.end
	}
	return append(out, p.source[at:]...)
}

// lines gives text the page's line ends.
func (p *Page) lines(text string) string {
	if bytes.Contains(p.source, []byte("\r\n")) {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}
