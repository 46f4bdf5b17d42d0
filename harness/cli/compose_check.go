package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/compose"
	"hoplab.example/harness/util/printable"
)

// checkCompose prints what is found in a compose file and the Dockerfiles that it builds.
func (a *app) checkCompose(ctx context.Context, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return usageError{fmt.Errorf("read the compose file: %w", err)}
	}
	f, err := compose.Read(ctx, name, text)
	var unread *compose.Finding
	if errors.As(err, &unread) {
		return a.findings([]*compose.Finding{unread})
	}
	if err != nil {
		return err
	}
	found := f.Safe()
	for _, find := range []func() []*compose.Finding{f.Unpinned, f.Addresses, f.Ready, f.Open} {
		found = append(found, find()...)
	}
	slices.SortStableFunc(found, func(a, b *compose.Finding) int { return a.Line - b.Line })
	return a.findings(append(found, dockerfiles(f, filepath.Dir(name))...))
}

// dockerfiles looks at those of a file's services that are in its folder.
func dockerfiles(f *compose.File, dir string) (found []*compose.Finding) {
	var beside []string
	entries, _ := os.ReadDir(dir) // the compose file was read from there
	for _, e := range entries {
		beside = append(beside, e.Name())
	}
	for _, file := range f.Dockerfiles() {
		name := filepath.Join(dir, file)
		text, err := os.ReadFile(name)
		if err != nil {
			found = append(found, &compose.Finding{File: name, Line: 1, Reason: "it isn't there, though a service is built from it"})
			continue
		}
		found = append(found, compose.Dockerfile(name, text, beside...)...)
	}
	return found
}

func (a *app) findings(found []*compose.Finding) error {
	for _, one := range found {
		a.tell(printable.Line(strings.TrimPrefix(one.Error(), "./")))
	}
	if len(found) > 0 {
		return failedError{"what is listed above keeps it from coming up on another machine"}
	}
	a.tell("nothing was found that keeps it from coming up on another machine; whether it does, a start there shows")
	return nil
}
