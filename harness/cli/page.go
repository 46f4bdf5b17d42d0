package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"hoplab.example/harness/exercise/course"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/exercise/notebook"
)

// pageOptions are the flags of a command that works on a lab's page.
type pageOptions struct {
	page notebookOptions // its labs and stack
}

func (o *pageOptions) flags(c *cobra.Command) {
	o.page.stack.flags(c)
	runFlag(c, &o.page.stack.run)
	o.page.labSet.flags(c.Flags())
}

// read returns the lab and its page.
func (o *pageOptions) read(name string) (l lab.Lab, page *notebook.Page, err error) {
	if l, err = findLab(name, o.page.labSet); err != nil {
		return l, nil, err
	}
	folder, _, err := o.page.folder(l)
	if err != nil {
		return l, nil, err
	}
	if page, err = course.ReadPage(folder, course.Page); err != nil {
		return l, nil, usageError{err}
	}
	return l, page, nil
}

// withPage calls do with what runs the page, on servers that stay up.
func (a *app) withPage(ctx context.Context, l lab.Lab, page *notebook.Page, o *pageOptions, do func(context.Context, course.Runner) error) error {
	o.page.stack.keep = true
	s, err := a.openGrading(ctx, course.Components(l, page), &o.page.stack)
	if err != nil {
		return err
	}
	if !s.Shared() {
		if err := s.Keep(ctx); err != nil {
			return err
		}
	}
	ended := false
	err = a.onPage(ctx, s, page, func(ctx context.Context, r course.Runner) error {
		err := do(ctx, r)
		ended = err == nil
		return err
	})
	if ended && ctx.Err() != nil { // Ctrl-C was for what ran inside
		return nil
	}
	return err
}

// apart returns a context for what the user runs inside of a command, such as a shell:
// Ctrl-C is meant for that, and only other signals end the command. Call end.
func apart(ctx context.Context) (inside context.Context, end func()) {
	inside, cancel := context.WithCancel(context.WithoutCancel(ctx))
	pressed, ended := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(pressed, os.Interrupt) // otherwise a second one would end the process
	signal.Notify(ended, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		select {
		case <-ended:
			cancel()
		case <-inside.Done():
		}
	}()
	return inside, func() {
		signal.Stop(pressed)
		signal.Stop(ended)
		cancel()
	}
}
