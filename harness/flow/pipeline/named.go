package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// RemoveNamed removes the connectors and the indices that a student's files have
// made beside the run's, under names that begin with its name and "-". They are
// deleted one by one: Elasticsearch 8 refuses a pattern. It is for names that
// nobody else's begin with.
func (p Pipeline) RemoveNamed(ctx context.Context) error {
	return errors.Join(p.removeConnectors(ctx), p.removeIndices(ctx))
}

func (p Pipeline) removeConnectors(ctx context.Context) error {
	if p.Sites.Addr("connect", "rest") == "" {
		return nil
	}
	names, err := p.connect().Names(ctx)
	errs := []error{err}
	for _, name := range names {
		if strings.HasPrefix(name, p.Connector()+"-") {
			errs = append(errs, p.connect().Delete(ctx, name))
		}
	}
	return errors.Join(errs...)
}

func (p Pipeline) removeIndices(ctx context.Context) error {
	if p.Elasticsearch() == "" {
		return nil
	}
	before := p.Names.Index + "-"
	_, answer, err := p.elastic(ctx, http.MethodGet, "/"+before+"*/_alias?expand_wildcards=all", nil)
	if err != nil {
		return fmt.Errorf("list the run's other indices: %w", err)
	}
	var found map[string]json.RawMessage
	if err := json.Unmarshal(answer, &found); err != nil {
		return fmt.Errorf("list the run's other indices: %w", err)
	}
	var errs []error
	for name := range found {
		if strings.HasPrefix(name, before) {
			_, err := p.askElastic(ctx, http.MethodDelete, "/"+url.PathEscape(name), nil)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
