package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/tool"
)

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "say what this machine lacks, and how to install it",
		Long: "doctor looks for each tool that hoplab needs, says what it is needed for, and how to\n" +
			"install it on Debian, Fedora and macOS; then at memory, disk, and the container engine\n" +
			"with its images. It ends with 3 if a needed tool is missing.",
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return a.doctor(c.Context()) },
	}
}

func (a *app) doctor(ctx context.Context) error {
	var lacking []string
	for _, t := range tool.All {
		found, err := look(ctx, t)
		if err == nil {
			fmt.Fprintf(a.out, "ok       %-10s %s\n", t.Name, found)
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
	fmt.Fprintf(a.out, "ok       %-10s %s\n", "cache", cache)
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

func look(ctx context.Context, t tool.Tool) (string, error) {
	if t.Name == "java" {
		return tool.JavaHome(ctx)
	}
	return tool.Find(t.Name)
}

func advice(err error, t tool.Tool) string {
	text := ""
	if t.Optional != "" {
		text = "         " + t.Optional + "\n"
	}
	var missing *tool.MissingError
	if errors.As(err, &missing) {
		text += "         " + strings.ReplaceAll(missing.Hint(), "\n", "\n         ")
	}
	return text
}
