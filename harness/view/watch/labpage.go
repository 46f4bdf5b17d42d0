package watch

import (
	"bytes"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// labPage returns a lab's page as HTML. goldmark leaves out HTML of the page's own; links
// that aren't to the web lead nowhere here, so only their text is shown.
func labPage(markdown []byte) (template.HTML, error) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table))
	tree := md.Parser().Parse(text.NewReader(markdown))
	var drop []ast.Node
	_ = ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			if entering && !strings.HasPrefix(string(n.Destination), "https://") {
				drop = append(drop, n)
			}
		case *ast.Image, *ast.AutoLink:
			if entering {
				drop = append(drop, n)
			}
		case *ast.FencedCodeBlock:
			if entering && string(n.Language(markdown)) == "mermaid" { // the picture above the page is that one
				drop = append(drop, n)
			}
		}
		return ast.WalkContinue, nil // no step fails
	})
	for _, n := range drop {
		if n.Type() == ast.TypeInline {
			for child := n.FirstChild(); child != nil; child = n.FirstChild() {
				n.Parent().InsertBefore(n.Parent(), n, child)
			}
		}
		n.Parent().RemoveChild(n.Parent(), n)
	}
	var out bytes.Buffer
	err := md.Renderer().Render(&out, markdown, tree)
	return template.HTML(out.String()), err
}
