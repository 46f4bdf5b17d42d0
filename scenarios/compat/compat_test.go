// Package compat runs the matrix of Elasticsearch's versions and asserts
// every cell of it, and that docs/stacks.md has the same.
package compat

import (
	"flag"
	"strings"
	"testing"

	"hoplab.example/harness/experiment/compat"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/version"
)

var update = flag.Bool("update", false, "write the matrix into docs/stacks.md")

const (
	page = "../../docs/stacks.md"
	rows = 500
)

func TestMain(m *testing.M) { scenario.Main(m) }

// works is what is expected of a cell without an error.
const works = ""

// expected has, for each column, what each of the five versions says: a part of the
// error's words, or works.
var expected = map[string][5]string{
	compat.Flink:             {works, works, "Unable to parse response body for Response{requestLine=POST /_bulk", noRoot, noRoot},
	compat.FlinkProxy:        {"Content-Type header [application/vnd.elasticsearch+json;compatible-with=7] is not supported", works, works, works, "400 Bad Request"},
	compat.SecondFlink:       {removed, removed, removed, removed, removed},
	compat.GoExporter:        {"unknown product", works, works, works, works},
	compat.GoClient:          {"unknown product", works, works, works, works},
	compat.Grafana:           {works, works, works, works, works},
	compat.Kibana("7.6.0"):   {works, works, "another major", "another major", "another major"},
	compat.Kibana("7.17.29"): {"newer", works, "another major", "another major", "another major"},
	compat.Kibana("9.2.4"):   {"another major", "another major", "another major", "another major", works},
}

const (
	noRoot = "method [HEAD], host [http://HOST:PORT], URI [/], status line [HTTP/1.1 405"
	// removed is a method that the sink calls and Flink 2 no longer has.
	removed = "NoSuchMethodError: 'org.apache.flink.table.api.TableSchema org.apache.flink.table.catalog.ResolvedCatalogTable.getSchema()'"
)

var versions = [5]string{"7.6.0", "7.17.29", "8.6.2", "8.19.21", "9.2.4"}

func TestMatrix(t *testing.T) {
	m := run(t)
	if len(m.Versions) != len(versions) || len(expected) != len(compat.Columns()) {
		t.Errorf("%d versions and %d columns, want %d and %d", len(m.Versions), len(compat.Columns()), len(versions), len(expected))
	}
	for column, words := range expected {
		for i, version := range versions {
			check(t, m, version, column, words[i])
		}
	}
	if *update {
		if err := compat.Place.Write(page, m.Markdown()); err != nil {
			t.Fatal(err)
		}
	}
	written, err := compat.Place.Read(page)
	if err != nil {
		t.Fatal(err)
	}
	if seen := m.Markdown(); strings.TrimSpace(written) != strings.TrimSpace(seen) {
		t.Errorf("docs/stacks.md has another matrix: run `lab dev compat --update docs/stacks.md`\nit has\n%s\nseen was\n%s", written, seen)
	}
}

func check(t *testing.T, m compat.Matrix, version, column, words string) {
	t.Helper()
	c := m.Cell(version, column)
	switch {
	case c == nil:
		t.Errorf("%s, %s: no such cell", version, column)
	case c.Works != (words == works) || !strings.Contains(c.Words, words):
		t.Errorf("%s, %s: %s: %q; want %q", version, column, c.Outcome(), c.Words, words)
	case c.Works && counts(column) && c.Documents != rows:
		t.Errorf("%s, %s: %d documents, want %d", version, column, c.Documents, rows)
	case version == "8.19.21" && column == compat.Flink && !strings.Contains(c.Note, "artefact"):
		t.Errorf("%s, %s: the note %q doesn't say that it is the distribution's fault", version, column, c.Note)
	}
}

// counts reports whether a column has documents, and isn't a published rule.
func counts(column string) bool {
	return column != compat.Grafana && !strings.HasPrefix(column, "Kibana")
}

func run(t *testing.T) compat.Matrix {
	t.Helper()
	components, err := compat.Components()
	if err != nil {
		t.Fatal(err)
	}
	s := scenario.Own(t, version.Compat, components...)
	input, oracle := scenario.Rows(t, 1, rows)
	m, err := compat.Run(t.Context(), compat.Options{
		State: s.Run().State, Input: input, Oracle: oracle, Topic: "compat_" + s.Name("t"),
		Report: func(version string, c compat.Cell) {
			t.Logf("%s, %s: %s, %d documents %s", version, c.Column, c.Outcome(), c.Documents, c.Words)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the matrix took %v", m.Span)
	compareClients(t, s.Run().State, m)
	return m
}
