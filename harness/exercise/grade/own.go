package grade

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/hint"
)

func init() {
	register(lab.Kind{Name: "own-value", Options: []lab.Option{
		{Name: "file", Type: lab.FileOption, Doc: "the file; without it the lab's first file"},
		{Name: "choice", Type: lab.ChoiceOption, Required: true, Doc: "the name of one of the lab's choices"},
		{Name: "pattern", Type: lab.GroupOption, Required: true, Doc: "a regular expression whose group finds the value in the file, in any case"},
		{Name: "strict", Type: lab.OneOf("yes", "no"), Doc: "whether a value that nobody was given fails too, or none; without it only another student's does"},
	}, Doc: "a file has the student's own value of a choice, so that another student's file fails"}, checkOwnValue)
}

// checkOwnValue asks that the file has the student's value of a choice. One that no
// student was given, as in a file that is older than the choice, is wrong only where
// the lab says so.
func checkOwnValue(_ context.Context, a *attempt, c lab.Check) verdict {
	label, text, err := a.raw(a.fileOf(c))
	if err != nil {
		return failed(err)
	}
	name := c.With["choice"]
	want := a.lab.Choices(a.name)[name]
	others := -1
	theirs := ""
	for _, m := range regexp.MustCompile("(?i)"+c.With["pattern"]).FindAllSubmatchIndex(text, -1) {
		value := strings.ToLower(strings.Join(strings.Fields(string(text[m[2]:m[3]])), ""))
		if measure(value) == measure(want) || value == "${"+name+"}" { // which is filled in when the file runs
			return passed()
		}
		if others < 0 && (c.With["strict"] == "yes" || slices.Contains(a.lab.Choose[name], value)) {
			others, theirs = bytes.Count(text[:m[2]], []byte("\n"))+1, value
		}
	}
	switch {
	case others >= 0:
		err = fmt.Errorf("%s:%d: %s is %s here, and %s for %s", label, others, name, theirs, want, a.name)
		if slices.Contains(a.lab.Choose[name], theirs) {
			err = fmt.Errorf("%w: this is the value of another student's task", err)
		}
	case c.With["strict"] == "yes":
		err = fmt.Errorf("%s has no value of %s, which is %s for %s", label, name, want, a.name)
	default:
		return passed()
	}
	v := failed(hint.With(err, "'lab work' says which value is yours; if your teacher knows you by another name or number, give it that with --student"))
	v.expected, v.actual = want, theirs
	return v
}

var millis = regexp.MustCompile(`^([0-9]+)(?:ms|millis?|milliseconds?)?$`)

// measure is a value without the unit that Flink's durations have where none is written
// (TimeUtils.parseDuration).
func measure(value string) string { return millis.ReplaceAllString(value, "$1") }
