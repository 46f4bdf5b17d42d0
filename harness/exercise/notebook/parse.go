package notebook

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// maxPage is far larger than any page that somebody would read.
const maxPage = 1 << 20 // bytes

// Parse reads a page. name is its name in errors. All that is wrong with the page
// is reported at once, in one error that joins an *Error for each.
func Parse(name string, source []byte) (*Page, error) {
	if err := checkText(name, source); err != nil {
		return nil, err
	}
	p := pageParser{page: &Page{Name: name, source: source}, ids: map[string]int{}}
	for _, b := range blocks(source) {
		p.block(b)
	}
	if len(p.errs) > 0 {
		return nil, errors.Join(p.errs...)
	}
	return p.page, nil
}

func checkText(name string, source []byte) error {
	switch {
	case len(source) > maxPage:
		return &Error{File: name, Line: 1, Reason: fmt.Sprintf("the page has %d bytes, more than %d: split it", len(source), maxPage)}
	case bytes.HasPrefix(source, []byte("\ufeff")):
		return &Error{File: name, Line: 1, Reason: "the page begins with a byte order mark: save it as UTF-8 without one"}
	case utf8.Valid(source):
		return nil
	}
	at := 0
	for rest := source; ; {
		r, size := utf8.DecodeRune(rest)
		if r == utf8.RuneError && size == 1 {
			break
		}
		at, rest = at+size, rest[size:]
	}
	return &Error{File: name, Line: 1 + bytes.Count(source[:at], []byte("\n")), Reason: "a byte here isn't UTF-8: save the page as UTF-8"}
}

// pageParser makes cells of blocks.
type pageParser struct {
	page *Page
	ids  map[string]int // line by id
	// last is the cell whose output the next block could show. blame says that the
	// last block was an invalid cell.
	last  *Cell
	blame bool
	errs  []error
}

func (p *pageParser) fail(line int, format string, args ...any) {
	p.errs = append(p.errs, &Error{File: p.page.Name, Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (p *pageParser) block(b block) {
	follows := b.follows
	last, blamed := p.last, p.blame
	p.last, p.blame = nil, false
	if !b.closed {
		p.fail(b.line, "the fence that opens here is never closed: end the block with a line %s", b.fence)
		return
	}
	i, err := parseInfo(b.info)
	switch {
	case err != nil:
		p.fail(b.line, "%v", err)
		p.blame = true
	case i.output && !blamed:
		p.output(b, last, follows)
	case i.kind != "":
		p.cell(b, i)
	}
}

func (p *pageParser) cell(b block, i info) {
	if !b.plain && !(i.cell.NoRun && i.cell.File == "") {
		p.fail(b.line, "a cell must be at the start of a line, outside of lists and quotations; give it norun if it is only shown")
		p.blame = true
		return
	}
	c := i.cell
	c.Page, c.Line, c.body, c.Code = p.page.Name, b.line, b.body, unix(p.page.source[b.body.start:b.body.end])
	if line, twice := p.ids[c.ID]; twice && c.ID != "" {
		p.fail(b.line, "the cell at line %[2]d has the id %[1]s too: choose another one", c.ID, line)
	}
	p.ids[c.ID] = b.line
	if c.Kind == HTTP && !c.NoRun {
		if err := checkRequest(c); err != nil {
			p.errs = append(p.errs, err)
		}
	}
	p.page.Cells = append(p.page.Cells, c)
	p.last = &p.page.Cells[len(p.page.Cells)-1]
}

func (p *pageParser) output(b block, of *Cell, follows bool) {
	switch {
	case !b.plain:
		p.fail(b.line, "an output must be at the start of a line, outside of lists and quotations")
	case of == nil || !follows:
		p.fail(b.line, "this output belongs to no cell: it must directly follow one, with only empty lines in between")
	case of.NoRun:
		p.fail(b.line, "this output can't be checked: the cell at line %d has norun", of.Line)
	default:
		of.Output = &Output{
			Page: p.page.Name, Line: b.line, Text: unix(p.page.source[b.body.start:b.body.end]),
			fence: b.fence, fenced: b.fenced, body: b.body,
		}
	}
}

// unix returns text with "\n" at the end of its lines.
func unix(text []byte) string {
	return string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
}
