package lab

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Kind is a kind of check: what a lab.yaml can write for run, and how.
type Kind struct {
	Name string
	Doc  string // one line: what the check asks for
	// Needs are kinds one of which must run before: the check is after a check of
	// that kind, directly or through others. Empty for a check that needs none.
	Needs   []string
	Options []Option
	// Rest describes options of any other name; without it they are refused. A
	// check must have one of them.
	Rest string
	// Fits says what is wrong with options that are right one by one, or "".
	Fits func(with map[string]string) string
}

// Option is one key of a check's with.
type Option struct {
	Name, Doc string
	Required  bool
	Type      Type
}

// Type is what an option's value must be.
type Type struct {
	Name  string
	wrong func(value string, l Lab) string
}

// The types of options.
var (
	TextOption   = Type{"text", func(string, Lab) string { return "" }}
	FieldsOption = Type{"fields, with spaces between them", func(string, Lab) string { return "" }}
	FileOption   = Type{"one of the lab's files", func(value string, l Lab) string {
		if !slices.Contains(l.Files, value) {
			return value + " isn't one of the lab's files"
		}
		return ""
	}}
	OwnFileOption = Type{"a file of the lab's folder", func(value string, l Lab) string {
		if _, err := l.Folder.Own(value); value != "" && err != nil {
			return value + " isn't there"
		}
		return ""
	}}
	ChoiceOption = Type{"one of the lab's choices", func(value string, l Lab) string {
		if l.Choose[value] == nil {
			return value + " isn't one of the lab's choices, under choose"
		}
		return ""
	}}
	GroupOption = Type{"a regular expression with one group", func(value string, _ Lab) string {
		if pattern, err := regexp.Compile(value); err != nil || pattern.NumSubexp() != 1 {
			return fmt.Sprintf("%q isn't a regular expression with one group", value)
		}
		return ""
	}}
	NumberOption = Type{"a number", func(value string, _ Lab) string {
		if _, err := strconv.ParseFloat(value, 64); err != nil {
			return fmt.Sprintf("%q isn't a number", value)
		}
		return ""
	}}
)

// OneOf is the type of an option with few values.
func OneOf(values ...string) Type {
	known := strings.Join(values, ", ")
	return Type{"one of " + known, func(value string, _ Lab) string {
		if !slices.Contains(values, value) {
			return fmt.Sprintf("%q isn't one of %s", value, known)
		}
		return ""
	}}
}

// kinds are those that were registered, by name.
var kinds = map[string]Kind{}

// Register makes a kind of check known to every lab that is read. Package grade
// registers its kinds when it is initialized: a program without that package
// can't make a check, and reads labs without judging their kinds.
func Register(k Kind) {
	if _, taken := kinds[k.Name]; taken {
		panic("two kinds of check are called " + k.Name)
	}
	kinds[k.Name] = k
}

// Kinds returns the registered kinds by name.
func Kinds() []Kind {
	return slices.SortedFunc(maps.Values(kinds), func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
}

// kindProblems returns what is wrong with a check as one of its kind. before has,
// for each check before it, the kinds that have run when that one has passed.
func (c Check) kindProblems(l Lab, before map[string][]string, add func(key, format string, args ...any)) {
	if len(kinds) == 0 || c.Run == "" {
		return
	}
	k, known := kinds[c.Run]
	if !known {
		add("run", "there is no kind of check %q; there are %s", c.Run, strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
		return
	}
	var ran []string
	for _, id := range c.After {
		ran = append(ran, before[id]...)
	}
	if len(k.Needs) > 0 && !slices.ContainsFunc(k.Needs, func(n string) bool { return slices.Contains(ran, n) }) {
		add("run", "%s works only after a check of the kind %s: name one in after", k.Name, strings.Join(k.Needs, " or "))
	}
	rest := false
	for _, name := range slices.Sorted(maps.Keys(c.With)) {
		i := slices.IndexFunc(k.Options, func(o Option) bool { return o.Name == name })
		rest = rest || i < 0
		switch {
		case i < 0 && k.Rest == "":
			add("with", "%s has no option %q; %s", k.Name, name, k.takes())
		case i >= 0:
			if wrong := k.Options[i].Type.wrong(c.With[name], l); wrong != "" {
				add("with", "option %s: %s", name, wrong)
			}
		}
	}
	for _, o := range k.Options {
		if o.Required && c.With[o.Name] == "" {
			add("with", "%s needs the option %s: %s", k.Name, o.Name, o.Doc)
		}
	}
	if k.Rest != "" && !rest {
		add("with", "%s needs an option: %s", k.Name, k.Rest)
	}
	if k.Fits != nil {
		if wrong := k.Fits(c.With); wrong != "" {
			add("with", "%s", wrong)
		}
	}
}

func (k Kind) takes() string {
	if len(k.Options) == 0 {
		return "it takes none"
	}
	var names []string
	for _, o := range k.Options {
		names = append(names, o.Name)
	}
	return "it takes " + strings.Join(names, ", ")
}
