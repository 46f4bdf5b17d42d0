package cli

import (
	"fmt"
	"slices"
	"strings"

	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/jdk"
)

// doctorJava prints each Java of the machine with the components of the stack that run
// on it, and then the components that no Java runs, which it returns as one text, if any.
func (a *app) doctorJava(found []jdk.JDK, stack version.Stack) (lacking []string) {
	takes := map[string][]string{} // by the Java's home
	var none error
	for _, c := range stack.Standard() {
		if c.Program.Java == (jdk.Versions{}) {
			continue
		}
		java, err := c.Program.Java.Choose(found)
		if err != nil {
			lacking, none = append(lacking, c.Name), err
			a.doctorSays("missing", "java", fmt.Sprintf("%s: %v", c.Name, err))
			continue
		}
		takes[java.Home] = append(takes[java.Home], c.Name)
	}
	for _, java := range found {
		switch names := takes[java.Home]; {
		case java.Err != nil:
			a.doctorSays("unusable", "java", java.String())
		case len(names) == 0:
			a.doctorSays("unused", "java", java.String())
		default:
			a.doctorSays("ok", "java", java.String()+": runs "+strings.Join(names, ", "))
		}
	}
	if none != nil {
		fmt.Fprintf(a.out, "         %s\n", strings.ReplaceAll(hint.Of(none), "\n", "\n         "))
		return []string{"a Java for " + strings.Join(slices.Compact(lacking), ", ")}
	}
	return nil
}

func (a *app) doctorSays(word, name, seen string) {
	fmt.Fprintf(a.out, "%-8s %-10s %s\n", word, name, seen)
}
