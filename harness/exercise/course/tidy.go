package course

import (
	"context"
	"errors"
	"fmt"
	"os"

	"hoplab.example/harness/flow/cleanup"
)

// tidy removes what the page has created, for whatever reason it ended.
func (p *pageRun) tidy() error {
	ctx, cancel := context.WithTimeout(context.Background(), tidyLimit)
	defer cancel()
	var errs []error
	for _, job := range p.jobs {
		errs = append(errs, p.Flink().Cancel(ctx, job))
	}
	if p.session != nil {
		errs = append(errs, p.session.Close(ctx))
	}
	errs = append(errs, cleanup.RemoveNamed(ctx, p.Pipeline), cleanup.Remove(ctx, p.Pipeline), os.RemoveAll(p.dir))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove what the page has made: %w", err)
	}
	return nil
}
