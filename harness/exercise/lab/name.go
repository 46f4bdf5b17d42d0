package lab

import (
	"path/filepath"
	"regexp"
	"strings"
)

// renamed is what browsers, editors and file managers add to the name of a file that
// they save: "tables (1).sql", "tables - Copy.sql", "Copy of tables.sql",
// "tables.sql.txt".
var renamed = regexp.MustCompile(`(?i)^(?:copy of )?(.+?)(?: ?\([0-9]+\)| - copy| copy)*(\.[^.]+?)?(?:\.txt)?$`)

// SameName reports whether a file is one of a lab's, whatever the case of letters and
// whatever programs have added to its name.
func SameName(file, want string) bool {
	if strings.EqualFold(file, want) {
		return true
	}
	ext := filepath.Ext(want)
	m := renamed.FindStringSubmatch(file)
	return m != nil && strings.EqualFold(m[1], strings.TrimSuffix(want, ext)) && strings.EqualFold(m[2], ext)
}
