package author

import (
	"maps"
	"slices"
	"testing"
)

// TestAnchors: the names are those that GitHub gives headings.
func TestAnchors(t *testing.T) {
	p := readPage([]byte("# What's `${topic}`, then?\n\n## A -- B\n\nSetext *head*\n===\n\n## A -- B\n\n## Zergatik ñ_1?\n\n" +
		"<a id=\"own\"></a> <!-- <a id=\"not\"> -->\n\n<div name='block'>\n\n## [A link](x.md)\n\n```md\n# no heading\n```\n"))
	want := []string{"a----b", "a----b-1", "a-link", "block", "own", "setext-head", "whats-topic-then", "zergatik-ñ_1"}
	if got := slices.Sorted(maps.Keys(p.anchors)); !slices.Equal(got, want) {
		t.Errorf("anchors\n%q\nwant\n%q", got, want)
	}
}

func TestLinksOfAPage(t *testing.T) {
	p := readPage([]byte("`[no](a.md)` [one](<b c.md>) [![two](d.png)](e.md)\n\n| t |\n|---|\n| [three](f.md) |\n\n" +
		"> 1. [four][r]\n\n[r]: g.md\n\n<!--\n<img src='h.png'>\n--> \n\n<picture>\n<source srcset=\"i.png\">\n</picture>\n"))
	want := []link{{"b c.md", 1, false}, {"e.md", 1, false}, {"d.png", 1, true}, {"f.md", 5, false}, {"g.md", 7, false}, {"i.png", 16, true}}
	if !slices.Equal(p.links, want) {
		t.Errorf("links\n%v\nwant\n%v", p.links, want)
	}
}

func TestStatedPoints(t *testing.T) {
	for text, want := range map[string][2]int{
		"# Lab (3 points)\n":                           {3, 1},
		"# Lab\n\nIt has **12 points**. 3 points\n":    {12, 3},
		"# Lab\n\n- a\n- 1 point\n":                    {1, 4},
		"# Lab\n\n| n |\n|---|\n| 7 points |\n":        {7, 5},
		"# Lab\n\n```\n9 points\n```\n\n`8 points`\n":  {},
		"# Lab\n\n2 pointers, points, x4 points\n":     {},
		"# Lab\n\nSo\nmany, in all 15\npoints of it\n": {15, 4},
	} {
		if p := readPage([]byte(text)); p.points != want[0] || p.pointsLine != want[1] {
			t.Errorf("%q: %d points in line %d, want %v", text, p.points, p.pointsLine, want)
		}
	}
}
