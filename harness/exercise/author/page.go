package author

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// page is what the rules need to know of a Markdown file.
type page struct {
	source  []byte
	anchors map[string]bool // as a repository's page makes them of headings, and ids of tags
	links   []link
	// commands are those of lab that the text names, with the first line of each.
	commands map[string]int
	// points is what the page says the lab has, in the line pointsLine; that is 0
	// where it doesn't say.
	points, pointsLine int
}

type link struct {
	to    string
	line  int
	image bool
}

var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()

func readPage(source []byte) *page {
	p := &page{source: source, anchors: map[string]bool{}, commands: map[string]int{}}
	_ = ast.Walk(markdown.Parse(text.NewReader(source)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.node(n)
		}
		return ast.WalkContinue, nil // no step fails
	})
	return p
}

func (p *page) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Link:
		p.links = append(p.links, link{string(n.Destination), p.line(n), false})
	case *ast.Image:
		p.links = append(p.links, link{string(n.Destination), p.line(n), true})
	case *ast.HTMLBlock:
		closure := text.Segment{}
		if n.HasClosure() {
			closure = n.ClosureLine
		}
		p.tags(n.Lines(), closure)
	case *ast.RawHTML:
		p.tags(n.Segments, text.Segment{})
	case *ast.Heading:
		p.anchor(plain(n, p.source))
	case *ast.CodeSpan:
		p.command(plain(n, p.source), p.line(n))
	case *ast.FencedCodeBlock:
		if len(n.Language(p.source)) > 0 { // a cell
			break
		}
		for i := range n.Lines().Len() {
			at := n.Lines().At(i)
			p.command(string(at.Value(p.source)), lineAt(p.source, at.Start))
		}
	}
	if n.Type() == ast.TypeBlock && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline && p.pointsLine == 0 {
		p.statedPoints(n)
	}
}

// command notes a command of lab, without a comment after it.
func (p *page) command(text string, line int) {
	text, _, _ = strings.Cut(strings.Join(strings.Fields(text), " "), " #")
	if strings.HasPrefix(text, "lab ") && p.commands[text] == 0 {
		p.commands[text] = line
	}
}

// line returns the line on which a node is, or that of what it is in.
func (p *page) line(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if at := n.Pos(); at >= 0 && at <= len(p.source) {
			return lineAt(p.source, at)
		}
	}
	return 1
}

// plain returns the text in a node, that of code too.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(source))
			if t.SoftLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// anchor takes a heading's text to what a repository's page calls it: small
// letters, digits, _ and -, and a number where it is taken.
func (p *page) anchor(heading string) {
	slug := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number, unicode.Pc):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
	name := slug
	for i := 1; p.anchors[name]; i++ {
		name = fmt.Sprintf("%s-%d", slug, i)
	}
	p.anchors[name] = true
}

var (
	comment   = regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`)
	tag       = regexp.MustCompile(`(?s)<([a-zA-Z]+)\b([^>]*)>`)
	attribute = regexp.MustCompile(`(?i)\b(id|name|href|src|srcset)\s*=\s*(?:"([^"]*)"|'([^']*)')`)
)

// tags takes links and anchors from raw HTML, outside of its comments. What
// closes a block may be apart from its other lines.
func (p *page) tags(segments *text.Segments, closure text.Segment) {
	if segments.Len() == 0 {
		return
	}
	line := lineAt(p.source, segments.At(0).Start)
	html := append(segments.Value(p.source), closure.Value(p.source)...)
	html = comment.ReplaceAllFunc(html, func(c []byte) []byte {
		return []byte(strings.Repeat("\n", strings.Count(string(c), "\n")))
	})
	for _, t := range tag.FindAllSubmatchIndex(html, -1) {
		at := line + lineAt(html, t[0]) - 1
		for _, a := range attribute.FindAllSubmatch(html[t[4]:t[5]], -1) {
			value := string(a[2]) + string(a[3])
			switch name := strings.ToLower(string(a[1])); name {
			case "id", "name":
				p.anchors[value] = true
			default:
				p.links = append(p.links, link{value, at, name != "href"})
			}
		}
	}
}

var points = regexp.MustCompile(`\b([0-9]+)\s+points?\b`)

// statedPoints looks for "12 points" in a block's own text, outside of code.
func (p *page) statedPoints(block ast.Node) {
	var b strings.Builder
	var lines []int // of each byte
	_ = ast.Walk(block, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Kind() == ast.KindCodeSpan {
			return ast.WalkSkipChildren, nil
		}
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Value(p.source))
			b.WriteString(map[bool]string{true: " "}[t.SoftLineBreak() || t.HardLineBreak()])
			for len(lines) < b.Len() {
				lines = append(lines, lineAt(p.source, t.Segment.Start))
			}
		}
		return ast.WalkContinue, nil
	})
	if m := points.FindStringSubmatchIndex(b.String()); m != nil {
		p.points, _ = strconv.Atoi(b.String()[m[2]:m[3]])
		p.pointsLine = lines[m[0]]
	}
}
