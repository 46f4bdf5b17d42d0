package report

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"hoplab.example/harness/verify/hop"
)

// tree parses a page. The parser mends what is broken, so the tests count what
// they find.
func tree(t *testing.T, r Report) (*html.Node, string) {
	t.Helper()
	text, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root, string(text)
}

// elements returns the elements of a name, "" for all.
func elements(root *html.Node, name string) []*html.Node {
	var list []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			list = append(list, n)
		}
	}
	return list
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var out strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			out.WriteString(d.Data)
		}
	}
	return out.String()
}

// TestPageAsksNothingElsewhere: a page of grades may not tell any other server
// that it was opened, whatever a student wrote.
func TestPageAsksNothingElsewhere(t *testing.T) {
	allowed := strings.Fields("html head meta title style body h1 h2 h3 p div table thead tbody tr th td a section nav dl dt dd pre span bdi")
	loads := strings.Fields("src srcset href action data poster background style ping formaction")
	for name, r := range reports() {
		root, text := tree(t, r)
		for _, n := range elements(root, "") {
			if !slices.Contains(allowed, n.Data) {
				t.Errorf("%s: the page has an element %s", name, n.Data)
			}
			for _, a := range n.Attr {
				local := a.Key == "href" && strings.HasPrefix(a.Val, "#")
				if slices.Contains(loads, a.Key) && !local || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				}
			}
		}
		if style := content(elements(root, "style")[0]); regexp.MustCompile(`(?i)url\(|@import|src:`).MatchString(style) {
			t.Errorf("%s: the style loads something", name)
		}
		if !strings.Contains(text, `content="default-src &#39;none&#39;`) && !strings.Contains(text, `content="default-src 'none'`) {
			t.Errorf("%s: the page has no policy against loading", name)
		}
	}
}

func TestPageEscapesStudentsText(t *testing.T) {
	root, _ := tree(t, reports()["class"])
	var pre []string
	for _, n := range elements(root, "pre") {
		pre = append(pre, content(n))
	}
	if !slices.Contains(pre, shown(hostile, pageText)) {
		t.Errorf("no part of the page shows the text as it is: %q", pre)
	}
	if names := elements(root, "h2"); len(names) != 6 || content(names[1]) != "<b>mikel</b>: 0 of 0" {
		t.Errorf("%d headings, the first student's %q", len(names), content(names[1]))
	}
}

func TestPageLinksEachStudent(t *testing.T) {
	r := reports()["class"]
	r.Students = append(r.Students, r.Students[2]) // ane, once more
	root, _ := tree(t, r)
	ids := map[string]bool{}
	for _, n := range elements(root, "") {
		if id := attribute(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("two elements are called %s", id)
			}
			ids[id] = true
		}
	}
	targets := map[string]bool{}
	for _, a := range elements(root, "a") {
		target := strings.TrimPrefix(attribute(a, "href"), "#")
		targets[target] = true
		if !ids[target] {
			t.Errorf("a link leads to %s, which isn't there", target)
		}
	}
	if len(targets) != 7 || len(elements(root, "section")) != 6 {
		t.Errorf("%d targets and %d sections, want 6 students and the class", len(targets), len(elements(root, "section")))
	}
}

func TestPageOfOneHasNoClass(t *testing.T) {
	root, text := tree(t, reports()["one"])
	if len(elements(root, "a")) != 0 || strings.Contains(text, `id="class"`) {
		t.Error("one student's page has a class table")
	}
	if got := content(elements(root, "pre")[0]); got != "1600 A 1.5\n1600 B 2.5" {
		t.Errorf("expected shows %q", got)
	}
}

// TestPageKeepsTheFirstLine: HTML drops a line break right after <pre>.
func TestPageKeepsTheFirstLine(t *testing.T) {
	check := Check{ID: "c", Outcome: hop.Failed, Expected: "\nrow", Actual: "row"}
	root, _ := tree(t, Report{Students: []Student{{Name: "ane", Labs: []Grade{{ID: "l", Checks: []Check{check}}}}}})
	if got := content(elements(root, "pre")[0]); got != "\nrow" {
		t.Errorf("expected shows %q, which is what was found", got)
	}
}
