package author

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"hoplab.example/harness/exercise/lab"
)

func TestGoodLab(t *testing.T) {
	r := lint(t, labsIn(t, files()))
	if len(r.Problems) > 0 {
		t.Errorf("a good lab: %q", r.Problems)
	}
	if got := r.Summary(); got != "1 lab, 2 checks, 11 links" {
		t.Errorf("summary %q", got)
	}
}

// TestRules breaks one thing of the good lab, and wants only that reported.
func TestRules(t *testing.T) {
	const (
		lab  = "labs/03-flink/"
		yaml = lab + "lab.yaml"
		page = lab + "README.md"
		eu   = lab + "README.eu.md"
	)
	for _, c := range []struct {
		file, old, new string
		rule           Rule
		want           string
	}{
		{yaml, "title: A table", "titel: A table", Definition, yaml + ":1: there is no key titel here"},
		{yaml, "rows: 500", "rows: many", Definition, yaml + ":5: want a whole number"},
		{yaml, "id: rows", "id: files", Definition, yaml + ":13: check 2 (files): another check has that id"},
		{yaml, "    rationale: why\n", "", Definition, yaml + ":7: check 1 (files): id, title, run and rationale must be given"},
		{yaml, "", "", Definition, yaml + ":1: read " + yaml + ": "},
		{yaml, "run: files", "run: fishes", Definition, yaml + `:9: check 1 (files): there is no kind of check "fishes"`},
		{yaml, "hop: flink", "hop: beer", Definition, yaml + `:2: there is no hop "beer"; there are mqtt, kafka`},
		{yaml, "[kafka, ", "[kafka, rabbit, ", Definition, yaml + `:3: no component of the stack classic is called "rabbit"`},
		{yaml, "after: [files],", "after: [files], with: {file: x.sql},", Definition, yaml + ":13: check 2 (rows): option file: x.sql isn't one of the lab's files"},
		{yaml, "run: sql", "run: mqtt", Definition, yaml + ":13: check 2 (rows): mqtt works only after a check of the kind script: name one in after"},
		{yaml, "run: sql", "run: resume", Definition, yaml + ":13: check 2 (rows): resume works only after a check of the kind recover"},
		{yaml, "run: sql", "with: {fiel: tables.sql}, run: sql", Definition, yaml + `:13: check 2 (rows): sql has no option "fiel"; it takes file`},
		{yaml, "run: sql", "with: {x: y}, run: template", Definition, yaml + `:13: check 2 (rows): template has no option "x"; it takes none`},
		{yaml, "run: sql", "run: columns", Definition, yaml + ":13: check 2 (rows): columns needs an option: a column's name"},
		{yaml, "run: sql", "with: {variable: x}, run: variable", Definition, yaml + ":13: check 2 (rows): variable needs the option field: "},
		{yaml, "run: sql", "with: {of: mean, fields: x}, run: metric", Definition, yaml + `:13: check 2 (rows): option of: "mean" isn't one of avg, `},
		{yaml, "run: sql", "with: {of: avg}, run: metric", Definition, yaml + ":13: check 2 (rows): option fields: avg needs one or more"},
		{yaml, "run: sql", "with: {of: count, fields: x}, run: metric", Definition, yaml + ":13: check 2 (rows): option fields: count has none"},
		{yaml, "run: sql", "with: {of: percentiles, fields: x}, run: metric", Definition, yaml + ":13: check 2 (rows): option percent: "},
		{yaml, "run: sql", "with: {of: percentiles, fields: x, percent: two}, run: metric", Definition, yaml + `:13: check 2 (rows): option percent: "two" isn't a number`},
		{yaml, "run: sql", "with: {of: avg, fields: x, only: sensor}, run: metric", Definition, yaml + ":13: check 2 (rows): option only: want a field and a value"},
		{yaml, "", strings.NewReplacer("    run: files\n", "    run: files\n    hidden: true\n", ", hidden: true}", "}").Replace(goodYAML), Definition, yaml + `:14: check 2 (rows): after "files": that check is hidden`},
		{yaml, "title: It is filled in.", "title: It is filled in, and that takes more columns than a terminal has.", Definition, yaml + ":8: check files: the title has 65 characters: leave at most 62"},
		{"labs/03-other/lab.yaml", "", goodYAML, Definition, "labs/03-other/lab.yaml:1: lab 03-flink also has the number 03"},
		{"labs/8-short/lab.yaml", "", goodYAML, Definition, "labs/8-short/lab.yaml:1: the folder 8-short isn't named like a lab"},

		{yaml, "    hints: [look]\n", "", Hint, yaml + ":7: check files has no hint"},
		{yaml, "hints: [look]", "hints: [look, ' ']", Hint, yaml + ":12: check files: a hint is empty"},
		{yaml, "rationale: why", "rationale: ' '", Hint, yaml + ":11: check files: the rationale is empty"},

		{lab + "work/tables.sql", "TODO", "done", File, lab + "work/tables.sql:1: there is no TODO"},
		{lab + "work/tables.sql", "TODO", "-- Replace each TODO.\nTODO", File, lab + "work/tables.sql:1: the comment at the head says TODO"},
		{lab + "work/more.sql", "", "TODO", File, lab + "work/more.sql:1: lab.yaml doesn't name this file"},
		{lab + "solution/tables.sql", "", "", File, yaml + ":4: " + lab + "solution/tables.sql isn't there"},
		{yaml, "points: 2", "points: 4", Points, page + ":3: the page says 5 points, but the checks of lab.yaml have 7"},
		{yaml, "", strings.NewReplacer("points: 2", "points: 0", "points: 3", "points: 0").Replace(goodYAML), Points, yaml + ":6: the lab has no points"},
		{page, "5 points", "6\npoints", Points, page + ":3: the page says 6 points"},
		{page, "There are 5", "Not `4 points` but **6**", Points, page + ":3: the page says 6 points"},
		{page, "```sql file", "FIXME: a cell\n```sql file", Unwritten, page + ":11: FIXME: a cell"},

		{page, "", "", NoPage, page + ":1: look for a lab's pages: there is no README.md"},
		{page, "```sql", "```SQL", Page, page + ":11: write sql for SQL"},
		{page, "SELECT 1", "SELECT 2", Page, page + ":12: from here on the block differs from line 1 of the solution's file tables.sql"},
		{page, "=tables.sql", "=gone.sql", Page, page + ":11: file=gone.sql: "},
		{eu, "SELECT 1", "SELECT 2", Language, eu + ":12: the code differs"},
		{eu, "1\n```\n", "2\n```\n", Language, eu + ":14: the output differs"},
		{eu, "## What", "`lab shell\n3`\n\n## What", Language, eu + ":9: lab shell 3 is not in " + page},
		{page, "## What", "```\nlab  work 3 # now\n```\n\n## What", Language, eu + ":1: lab work 3, at " + page + ":10, is missing here"},

		{page, "#what-you-need", "#what-you-want", Link, page + `:4: the link "#what-you-want" leads to #what-you-want, but no heading of ` + page},
		{page, "work/tables.sql", "work/table.sql", Link, page + `:4: the link "work/table.sql" leads to ` + lab + "work/table.sql, which isn't there"},
		{page, "labs.go#L2", "labs.go#L4", Link, page + `:4: the link "../labs.go#L4" leads to line 4, but labs/labs.go has 2 lines`},
		{page, "labs.go#L2", "labs.go#two", Link, page + `:4: the link "../labs.go#two" leads to #two, which only a Markdown file can have`},
		{page, "README.md#labs", "README.md#lab", Link, page + `:5: the link "../README.md#lab" leads to #lab, but no heading of labs/README.md`},
		{page, "../README.md#labs", "../../../README.md", Link, page + `:5: the link "../../../README.md" leads out of the repository`},
		{page, "../README.md#labs", "/labs/README.md", Link, page + `:5: the link "/labs/README.md" begins with /`},
		{page, "https://flink", "file://flink", Link, page + `:5: the link "file://flink.apache.org/" must begin with https:`},
		{page, "(work/tables.sql)", "()", Link, page + `:4: the link "" leads nowhere`},
		{page, "(work/tables.sql)", "(%zz)", Link, page + `:4: the link "%zz" isn't a valid address`},
		{page, "## What", "<p>\n<a href='gone.md'>\n</p>\n\n## What", Link, page + `:10: the link "gone.md" leads to`},
		{page, "## What", "[x]\n\n[x]: gone.md\n\n## What", Link, page + `:9: the link "gone.md" leads to`},
		{"labs/README.md", "(03-flink)", "(04-export)", Link, `labs/README.md:3: the link "04-export" leads to labs/04-export, which isn't there`},
		{page, "hops.svg", "https://example.com/hops.svg", Image, page + `:7: the image "https://example.com/hops.svg" is on another server`},
		{page, "hops.svg", "//example.com/hops.svg", Image, page + `:7: the image "//example.com/hops.svg" is on another server`},
		{page, "hops.svg", "hop.svg", Image, page + `:7: the image "hop.svg" leads to`},
		{page, "There", "<img src=\"http://example.com/x.png\">\nThere", Image, page + `:3: the image "http://example.com/x.png" is on another server`},
	} {
		t.Run(c.want, func(t *testing.T) {
			r := lint(t, labsIn(t, with(t, c.file, c.old, c.new)))
			found := slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.Rule == c.rule && strings.HasPrefix(p.String(), c.want) })
			if !found {
				t.Errorf("found\n%v\nwant %s: %s", r.Problems, c.rule, c.want)
			}
			for _, p := range r.Problems {
				if p.Rule != c.rule && !follows(c.rule, p.Rule) && !strings.HasPrefix(p.File, "labs/03-other/") {
					t.Errorf("it also reports %s: %s", p.Rule, p)
				}
			}
		})
	}
}

// follows says what can't be right where something else isn't: links to a page
// that is gone, another language's cells.
func follows(first, then Rule) bool {
	return map[Rule]bool{Link: first == NoPage, Page: first == File, Language: first == Page}[then]
}

// TestJunk: what a file manager has left beside the files is nobody's.
func TestJunk(t *testing.T) {
	if r := lint(t, labsIn(t, with(t, "labs/03-flink/work/.DS_Store", "", "\x00TODO"))); len(r.Problems) > 0 {
		t.Errorf("%v", r.Problems)
	}
}

// TestSolutionWithATodo, which is kept elsewhere.
func TestSolutionWithATodo(t *testing.T) {
	all := files()
	all["labs/05-kibana/lab.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(goodYAML, "tables.sql", "kibana-7.ndjson", 1))}
	all["dashboards/kibana-7.ndjson"] = &fstest.MapFile{Data: []byte("\nTODO")}
	want := "dashboards/kibana-7.ndjson:2: the solution still has a TODO"
	if r := lint(t, labsIn(t, all)); !slices.ContainsFunc(r.Problems, func(p Problem) bool { return p.String() == want }) {
		t.Errorf("a solution that is kept elsewhere: %v", r.Problems)
	}
}

// TestOrder: problems come by place, whatever rule finds them first, and once.
func TestOrder(t *testing.T) {
	all := with(t, "labs/03-flink/README.md", "There are 5", "[a](gone.md) [b](gone.md) FIXME: say more\nThere are 6")
	delete(all, "labs/03-flink/README.eu.md")
	all["labs/03-flink/lab.yaml"].Data = []byte(strings.Replace(goodYAML, "hop: flink", "hop: beer", 1))
	var got []string
	for _, p := range lint(t, labsIn(t, all)).Problems {
		place, _, _ := strings.Cut(p.String(), ": ")
		got = append(got, string(p.Rule)+" "+place)
	}
	want := []string{
		"unwritten labs/03-flink/README.md:3", "link labs/03-flink/README.md:3",
		"points labs/03-flink/README.md:4", "definition labs/03-flink/lab.yaml:2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("problems\n%q\nwant\n%q", got, want)
	}
}

func TestNoLab(t *testing.T) {
	for _, dir := range []string{"outside", "gone"} {
		s, err := lab.In(files(), dir)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := Lint(s); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v, %v", dir, r, err)
		}
	}
}
