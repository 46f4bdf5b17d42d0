package author

import (
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"hoplab.example/harness/exercise/lab"
)

const goodYAML = `title: A table
hop: flink
components: [kafka, flink-gateway]
files: [tables.sql]
rows: 500
checks:
  - id: files
    title: It is filled in.
    run: files
    points: 2
    rationale: why
    hints: [look]
  - {id: rows, title: All rows are there., run: sql, points: 3, after: [files], rationale: why, hints: [count], hidden: true}
`

const goodPage = `# A table

There are 5 points, and the check rows has 3 points of them. See
[what you need](#what-you-need), [the code](work/tables.sql), [line 2](../labs.go#L2),
[all labs](../README.md#labs) and [Flink](https://flink.apache.org/).

![The hops](hops.svg)

## What you need

~~~sql file=tables.sql
SELECT 1;
~~~
~~~output
1
~~~
`

// files are a checkout with one good lab, in two languages.
func files() fstest.MapFS {
	page := strings.ReplaceAll(goodPage, "~~~", "```")
	all := fstest.MapFS{}
	for name, text := range map[string]string{
		"go.mod":                            "module x\n",
		"labs/labs.go":                      "package labs\n\n",
		"labs/README.md":                    "# Labs\n\n[One](03-flink)\n",
		"labs/03-flink/lab.yaml":            goodYAML,
		"labs/03-flink/README.md":           page,
		"labs/03-flink/README.eu.md":        page,
		"labs/03-flink/hops.svg":            "<svg/>",
		"labs/03-flink/work/tables.sql":     "-- TODO\n",
		"labs/03-flink/solution/tables.sql": "SELECT 1;\n",
		"outside/x.md":                      "# X\n",
	} {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

func labsIn(t *testing.T, checkout fstest.MapFS) lab.Set {
	t.Helper()
	s, err := lab.In(checkout, "labs")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func lint(t *testing.T, s lab.Set) Report {
	t.Helper()
	r, err := Lint(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// with returns a copy of the good checkout with old replaced by new in a file.
// Without old the file is new, and without both it is gone.
func with(t *testing.T, file, old, new string) fstest.MapFS {
	t.Helper()
	all := maps.Clone(files())
	switch text := ""; {
	case old == "" && new == "":
		delete(all, file)
	case old == "":
		all[file] = &fstest.MapFile{Data: []byte(new)}
	default:
		text = string(all[file].Data)
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		all[file] = &fstest.MapFile{Data: []byte(strings.Replace(text, old, new, 1))}
	}
	return all
}
