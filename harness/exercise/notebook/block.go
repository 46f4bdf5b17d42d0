package notebook

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// block is a fenced block of a page, of any language.
type block struct {
	info  string // what follows the opening fence
	fence string // the opening fence
	line  int    // of the opening fence, from 1
	// plain says that it is at the start of a line, outside of any other block. Only
	// then are the source's lines its content.
	plain   bool
	closed  bool // true if it isn't plain: its container closes it
	follows bool // right after another fenced block
	fenced  span // from its opening fence to its closing one's last byte
	body    span
}

// blocks returns the fenced blocks in order.
func blocks(source []byte) []block {
	lines := lineStarts(source)
	var found []block
	// Inline Markdown, such as emphasis, isn't needed and takes time.
	p := parser.NewParser(parser.WithBlockParsers(parser.DefaultBlockParsers()...), parser.WithInlineParsers([]util.PrioritizedValue{}...))
	_ = ast.Walk(p.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if f, ok := n.(*ast.FencedCodeBlock); ok && entering {
			found = append(found, newBlock(source, lines, f))
		}
		return ast.WalkContinue, nil // no step fails
	})
	return found
}

func newBlock(source []byte, lines []int, f *ast.FencedCodeBlock) block {
	at := f.Pos()
	rest := bytes.TrimLeft(source[at:], string(source[at]))
	b := block{
		fence: string(source[at : len(source)-len(rest)]), line: sort.SearchInts(lines, at+1),
		closed: true, follows: f.PreviousSibling() != nil && f.PreviousSibling().Kind() == ast.KindFencedCodeBlock,
	}
	if f.Info != nil {
		b.info = string(f.Info.Segment.Value(source))
	}
	b.plain = f.Parent().Kind() == ast.KindDocument && at == lines[b.line-1]
	if f.Parent().Kind() == ast.KindDocument {
		b.setSpans(source, f)
	}
	return b
}

// setSpans finds where the block ends. Its lines are consecutive in the source.
func (b *block) setSpans(source []byte, f *ast.FencedCodeBlock) {
	b.body.start = lineEnd(source, f.Pos())
	b.body.end = b.body.start
	if n := f.Lines().Len(); n > 0 {
		b.body.end = f.Lines().At(n - 1).Stop
	}
	end := lineEnd(source, b.body.end)
	b.fenced = span{f.Pos(), end}
	b.closed = bytes.HasPrefix(bytes.TrimLeft(source[b.body.end:end], " "), []byte(b.fence))
}

// lineEnd returns the end of the line that contains at, after its newline.
func lineEnd(source []byte, at int) int {
	if i := bytes.IndexByte(source[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(source)
}

func lineStarts(source []byte) []int {
	starts := []int{0}
	for at, c := range source {
		if c == '\n' {
			starts = append(starts, at+1)
		}
	}
	return starts
}
