package lab

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// renamed matches names with what a program may have added: "tables (1).sql",
// "tables - Copy.sql", "Copia de tables.sql", "tables 2.sql", "tables.sql.txt",
// "tables-LAPTOP-7H2K.sql", "tables (Ada's conflicted copy 2026-11-27).sql".
var renamed = regexp.MustCompile(`(?i)^(?:` + copies + ` (?:of|de|von) )?(.+?)(?: ?\([0-9]+\)| [0-9]{1,2}|(?: -)? ` + copies + `|-(?:laptop|desktop)-[a-z0-9]+| \([^()]*conflicted copy[^()]*\))*(\.[^.]+?)?(?:\.txt)?$`)

// copies is "copy" in some languages.
const copies = `(?:copy|copia|cópia|copie|kopie)`

// SameName reports whether a file is one of a lab's, whatever the case of letters and
// whatever programs have added to its name.
func SameName(file, want string) bool {
	if strings.EqualFold(file, want) {
		return true
	}
	ext := filepath.Ext(want)
	m := renamed.FindStringSubmatch(file)
	return m != nil && strings.EqualFold(m[1], Stem(want)) && strings.EqualFold(m[2], ext)
}

// Meant returns the one of a folder's files that is handed in as a file of the lab, or "":
// the one that is called so, the last that a program has renamed, or the only one of that
// ending, since Kibana calls an export export.ndjson (saved_objects_table.tsx), and
// Grafana Title-1700000000000.json (ShareExport.tsx). Without any of these it is the one
// that is called the same and .txt.
func (l Lab) Meant(names []string, want string) (meant string) {
	if slices.Contains(names, want) {
		return want
	}
	var rest []string // of the same ending, and none of the lab's other files
	for _, name := range names {
		switch {
		case SameName(name, want):
			meant = name
		case ending(want) != "" && ending(name) == ending(want) && !slices.ContainsFunc(l.Files, func(file string) bool { return SameName(name, file) }):
			rest = append(rest, name)
		}
	}
	same := slices.DeleteFunc(slices.Clone(l.Files), func(file string) bool { return ending(file) != ending(want) })
	if meant == "" && len(rest) == 1 && len(same) == 1 {
		return rest[0]
	}
	if at := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, Stem(want)+".txt") }); meant == "" && len(rest) == 0 && at >= 0 {
		return names[at]
	}
	return meant
}

// Stem is a file's name without its extension.
func Stem(name string) string { return strings.TrimSuffix(name, filepath.Ext(name)) }

// ending is a file's extension. Both of YAML's are one.
func ending(name string) string {
	return strings.Replace(strings.ToLower(filepath.Ext(name)), ".yml", ".yaml", 1)
}

// FileNames returns the names of a folder's files, without those that are hidden.
func FileNames(root *os.Root) (names []string) {
	entries, _ := fs.ReadDir(root.FS(), ".") // then it has none that can be seen
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, e.Name())
		}
	}
	return names
}
