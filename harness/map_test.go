package harness

import (
	"flag"
	"fmt"
	"go/doc"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/util/mdtable"
)

var update = flag.Bool("update", false, "write the map in docs/architecture.md anew")

// groups are the groups from the ground up, with what each is for.
var groups = []struct{ name, what string }{
	{"util", "small helpers that know nothing of the pipeline"},
	{"rows", "the data: format, reader, generator, event time, oracle"},
	{"server", "servers: what each is, which versions go together, where they come from, how they run"},
	{"client", "what speaks to a server, beside the reader of that server's files"},
	{"verify", "reads what is at a hop, and compares it with the oracle"},
	{"flow", "what moves rows: hoplab's own programs, and the steps of the pipeline"},
	{"view", "what people look at: pictures of panels, the live page"},
	{"exercise", "labs: what they ask for, students' files, checks, points, pages, the sandbox"},
	{"experiment", "disturb and measure: faults, benchmarks, versions"},
	{"run", "the life of a run, for commands and tests alike"},
	{"testenv", "the servers of a Go test, of anybody's pipeline"},
	{"scenario", "what Go tests of the pipeline share"},
	{"cli", "the lab command, one file per command"},
	{"cmd", "the main package"},
}

// TestMap: docs/architecture.md has every package, with the first sentence of its
// comment, and what each group may import.
func TestMap(t *testing.T) {
	place := mdtable.Place{What: "the map of packages", Begin: "<!-- map: from here on written by go test ./harness -update -->", End: "<!-- map: until here -->"}
	path := filepath.Join(root, "docs", "architecture.md")
	want := packageMap(t)
	if *update {
		if err := place.Write(path, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := place.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("the map in %s isn't what the packages are; go test ./harness -update writes it", path)
	}
}

func packageMap(t *testing.T) string {
	packages := map[string][]string{} // of a group, as rows of its table
	for folder, files := range goFiles(t) {
		if group, ok := groupOf(filepath.ToSlash(folder)); ok {
			name := strings.TrimPrefix(filepath.ToSlash(folder), root+"/harness/")
			packages[group] = append(packages[group], fmt.Sprintf("| `%s` | %s |\n", name, synopsis(t, files)))
		}
	}
	if len(groups) != len(floors) {
		t.Errorf("groups has %d groups, floors has %d", len(groups), len(floors))
	}
	var b strings.Builder
	for _, g := range groups {
		fmt.Fprintf(&b, "### %s\n\n%s.", g.name, strings.ToUpper(g.what[:1])+g.what[1:])
		if below := floors[g.name]; len(below) > 0 {
			fmt.Fprintf(&b, " May import %s.", strings.Join(below, ", "))
		}
		b.WriteString("\n\n| package | |\n|---|---|\n")
		slices.Sort(packages[g.name])
		b.WriteString(strings.Join(packages[g.name], "") + "\n")
	}
	return strings.TrimSpace(b.String()) + "\n"
}

// synopsis returns the first sentence of a package's comment, without its name.
func synopsis(t *testing.T, files []string) string {
	for _, path := range files {
		if file := parse(t, path); file.Doc != nil {
			text := (&doc.Package{}).Synopsis(file.Doc.Text())
			text = strings.TrimPrefix(text, "Package "+file.Name.Name+" ")
			return strings.ReplaceAll(text, "|", "\\|")
		}
	}
	return ""
}
