package author

import (
	"fmt"
	"strings"

	"hoplab.example/harness/exercise/lab"
)

// Kinds returns the reference of the kinds of checks as Markdown.
func Kinds() string {
	var out strings.Builder
	out.WriteString(kindsHead)
	for _, k := range lab.Kinds() {
		fmt.Fprintf(&out, "\n## %s\n\nChecks that %s.\n", k.Name, k.Doc)
		if len(k.Needs) > 0 {
			fmt.Fprintf(&out, "\nRuns after a check of the kind `%s`.\n", strings.Join(k.Needs, "` or `"))
		}
		if len(k.Options) == 0 && k.Rest == "" {
			continue
		}
		out.WriteString("\n| option | value | meaning |\n|---|---|---|\n")
		for _, o := range k.Options {
			required := ""
			if o.Required {
				required = " (required)"
			}
			fmt.Fprintf(&out, "| `%s`%s | %s | %s |\n", o.Name, required, o.Type.Name, o.Doc)
		}
		if k.Rest != "" {
			fmt.Fprintf(&out, "| any other (required) | text | %s |\n", k.Rest)
		}
	}
	return out.String()
}

const kindsHead = `# Kinds of checks

What a check of a ` + "`lab.yaml`" + ` can name as its ` + "`run`" + `, which checks must come
before it (in ` + "`after`" + `, directly or through others), and the options that it takes in
` + "`with`" + `. ` + "`lab dev kinds`" + ` prints this page, and ` + "`lab dev lint`" + ` finds what doesn't
follow it.
`
