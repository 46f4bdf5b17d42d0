package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/server/maven"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/hint"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/tool"
)

func (a *app) doctorCommand() *cobra.Command {
	var stack string
	command := &cobra.Command{
		Use: "doctor", Short: "show what this machine lacks, and how to install it",
		Long: "doctor prints each Java of this machine and which servers run on it, and whether the\n" +
			"servers are downloaded: where they aren't, it has Maven fetch a small file. It looks for\n" +
			"each tool that hoplab needs, and says what a missing one is needed for and how to install\n" +
			"it on Debian, Fedora and macOS; then it looks at memory, disk, and the container engine\n" +
			"with its images. It ends with 3 if a needed tool is missing. 'lab run' is next.",
		Example: "  lab doctor\n  lab doctor --stack current",
		Args:    arguments(cobra.NoArgs),
		RunE:    func(c *cobra.Command, _ []string) error { return a.doctor(c.Context(), stack) },
	}
	stackFlag(command, &stack)
	return command
}

func (a *app) doctor(ctx context.Context, name string) error {
	stack, err := version.Find(version.Wanted(name))
	if err != nil {
		return usageError{err}
	}
	cache, err := dirs.Cache()
	if err != nil {
		return err
	}
	lacking := a.doctorJava(jdk.Find(ctx), stack)
	fetched, err := a.doctorMaven(ctx, maven.Store{Dir: filepath.Join(cache, "artefacts")}, stack)
	if err != nil {
		return err
	}
	lacking = append(lacking, fetched...)
	for _, t := range append(stack.Tools(), tool.Mmdebstrap) {
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
	a.doctorPython(ctx)
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

// doctorPython looks for what labs in Python need, and Superset. Both are optional.
func (a *app) doctorPython(ctx context.Context) {
	for _, use := range []struct{ set, what string }{{python.Clients, "labs in Python"}, {"superset", "Superset, which is optional"}} {
		found, err := python.Find(ctx, use.set)
		if err != nil {
			fmt.Fprintf(a.out, "%-8s %s: %s\n%s\n", "without", use.what, err, advice(err, tool.Python))
			continue
		}
		a.doctorSays("ok", tool.Python.Name, fmt.Sprintf("%s, Python %s: for %s", found.Path, found.Version, use.what))
	}
}

func advice(err error, t tool.Tool) string {
	text := ""
	if t.Optional != "" {
		text = "         " + t.Optional + "\n"
	}
	return text + "         " + strings.ReplaceAll(hint.Of(err), "\n", "\n         ")
}
