package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/tool"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "show what this machine lacks, and how to install it",
		Long: "doctor prints each Java of this machine and which servers run on it, looks for each\n" +
			"tool that hoplab needs, and says what a missing one is needed for and how to install\n" +
			"it on Debian, Fedora and macOS; then it looks at memory, disk, and the container engine\n" +
			"with its images. It ends with 3 if a needed tool is missing. 'lab run' is next.",
		Example: "  lab doctor",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c.Context()) },
	}
}

func (a *app) doctor(ctx context.Context) error {
	lacking, err := a.doctorStack(ctx)
	if err != nil {
		return err
	}
	for _, t := range tool.All {
		found, err := t.Find()
		if err == nil {
			a.doctorSays("ok", t.Name, found)
			continue
		}
		word := "missing"
		if t.Optional != "" {
			word = "without"
		} else {
			lacking = append(lacking, t.Name)
		}
		fmt.Fprintf(a.out, "%-8s %s\n%s\n", word, err, advice(err, t))
	}
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	a.doctorSays("ok", "cache", cache)
	for _, f := range machine(ctx, cache) {
		fmt.Fprintf(a.out, "%-8s %-10s %s\n", f.word, f.name, f.seen)
		if f.advice != "" {
			fmt.Fprintf(a.out, "         %s\n", f.advice)
		}
	}
	if len(lacking) > 0 {
		return fmt.Errorf("missing: %s", strings.Join(lacking, ", "))
	}
	return nil
}

func advice(err error, t tool.Tool) string {
	text := ""
	if t.Optional != "" {
		text = "         " + t.Optional + "\n"
	}
	return text + "         " + strings.ReplaceAll(hint.Of(err), "\n", "\n         ")
}
