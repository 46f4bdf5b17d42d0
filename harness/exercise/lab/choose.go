package lab

import (
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/labs"
)

// Choices returns what the student's task is made of, by name, such as seconds: "3". It
// comes from the student's name alone, in any case, so that 'lab work' and 'lab grade'
// agree. What the student sees isn't secret.
func (l Lab) Choices(student string) map[string]string {
	chosen := map[string]string{}
	for name, values := range l.Choose {
		h := fnv.New64a()
		fmt.Fprintf(h, "%s\x00%s\x00%s", strings.ToLower(strings.TrimSpace(student)), l.ID, name)
		sum := h.Sum64()
		chosen[name] = values[(sum^sum>>32)%uint64(len(values))] // the low bits alone are alike for names that are
	}
	return chosen
}

// Personal fills a student's choices into a text of the lab's, where it names them as
// ${name}. Other parameters stay.
func (l Lab) Personal(text, student string) string {
	return labs.Chosen(text, l.Choices(student))
}

// Solution reads a file of the solution with a student's choices.
func (l Lab) Solution(name, student string) (label string, text []byte, err error) {
	label, text, err = l.Folder.Solution(name)
	return label, []byte(l.Personal(labs.Choosable(l.ID, name, text), student)), err
}

var choiceName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// runParameters are those that files have anyway.
var runParameters = []string{"topic", "source", "table", "sink", "index", "client", "mqtt", "kafka", "elasticsearch"}

// chooseProblems says what is wrong with the choices.
func (l Lab) chooseProblems() (all []invalid) {
	for _, name := range slices.Sorted(maps.Keys(l.Choose)) {
		switch {
		case !choiceName.MatchString(name) || slices.Contains(runParameters, name):
			all = append(all, invalid{[]any{"choose", name}, fmt.Sprintf("choose: %q: want a name of lower-case letters that no other parameter has", name)})
		case len(l.Choose[name]) < 2:
			all = append(all, invalid{[]any{"choose", name}, fmt.Sprintf("choose: %s: want two values or more", name)})
		}
	}
	for name, value := range l.Ours {
		if l.Choose[name] == nil || slices.Contains(l.Choose[name], value) {
			all = append(all, invalid{[]any{"ours", name}, fmt.Sprintf("ours: %s: want the name of a choice, and a value that no student gets", name)})
		}
	}
	return all
}
