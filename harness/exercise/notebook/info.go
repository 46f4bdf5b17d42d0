package notebook

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// info is what an info string says.
type info struct {
	kind   Kind // "" if the block isn't a cell
	output bool
	cell   Cell
}

const attributes = "id=NAME, file=PATH, timeout=DURATION, norun and fails"

// parseInfo reads an info string. Another language isn't a cell, unless it has an
// attribute: then it is a mistake.
func parseInfo(text string) (info, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return info{}, nil
	}
	if at := slices.Index(words[:min(2, len(words))], "output"); at >= 0 {
		if len(words) > at+1 {
			return info{}, fmt.Errorf("unknown attribute %q: an output has none", words[at+1])
		}
		return info{output: true}, nil
	}
	kind := Kind(strings.ToLower(words[0]))
	if !slices.Contains(kinds, kind) {
		return info{}, notMeant(words)
	}
	if string(kind) != words[0] {
		return info{}, fmt.Errorf("write %s for %s", kind, words[0])
	}
	i := info{kind: kind, cell: Cell{Kind: kind}}
	seen := map[string]bool{}
	for _, word := range words[1:] {
		name, value, has := strings.Cut(word, "=")
		if seen[name] {
			return info{}, fmt.Errorf("the attribute %s is given twice", name)
		}
		seen[name] = true
		if err := i.cell.attribute(name, value, has); err != nil {
			return info{}, err
		}
	}
	return i, i.cell.checkAttributes()
}

func notMeant(words []string) error {
	for _, word := range words[1:] {
		name, _, has := strings.Cut(word, "=")
		if has && slices.Contains([]string{"id", "file", "timeout"}, name) || !has && (name == "norun" || name == "fails") {
			return fmt.Errorf("%s isn't a kind of cell, but %s is an attribute of cells: the kinds are sql, sh, json and http", words[0], word)
		}
	}
	return nil
}

var idForm = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// attribute sets one attribute; has says that it has an = and a value.
func (c *Cell) attribute(name, value string, has bool) error {
	switch {
	case name == "norun" && !has:
		c.NoRun = true
	case name == "fails" && !has:
		c.Fails = true
	case name == "id" && has:
		if !idForm.MatchString(value) {
			return fmt.Errorf("id=%s: an id begins with a-z and continues with a-z, 0-9 and -", value)
		}
		c.ID = value
	case name == "file" && has:
		// Windows accepts more forms of paths than fs.ValidPath knows.
		if !fs.ValidPath(value) || value == "." || strings.ContainsAny(value, `\:`) {
			return fmt.Errorf("file=%s isn't a file of the lab's solution: write a path relative to it, such as file=tables.sql", value)
		}
		c.File = value
	case name == "timeout" && has:
		limit, err := time.ParseDuration(value)
		if err != nil || limit <= 0 {
			return fmt.Errorf("timeout=%s: write a duration such as 30s or 2m", value)
		}
		c.Limit = limit
	default:
		return fmt.Errorf("unknown attribute %q: a cell can have %s", name, attributes)
	}
	return nil
}

func (c *Cell) checkAttributes() error {
	if c.NoRun && (c.Fails || c.Limit > 0) {
		return fmt.Errorf("a cell with norun can't have fails or timeout")
	}
	return nil
}

func itoa(n int) string { return strconv.Itoa(n) }
