package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// PutTemplate puts a composable index template, or for an older Elasticsearch the
// same as a template of its own kind.
func (c Client) PutTemplate(ctx context.Context, name string, template []byte) error {
	older, err := legacyTemplate(template)
	if err != nil {
		return err
	}
	_, err = c.askTemplate(ctx, http.MethodPut, name, template, older)
	return err
}

// HasTemplate reports whether there is such an index template.
func (c Client) HasTemplate(ctx context.Context, name string) (bool, error) {
	status, err := c.askTemplate(ctx, http.MethodGet, name, nil, nil)
	return status == http.StatusOK, err
}

// DeleteTemplate deletes an index template. One that isn't there isn't an error.
func (c Client) DeleteTemplate(ctx context.Context, name string) error {
	_, err := c.askTemplate(ctx, http.MethodDelete, name, nil, nil)
	return err
}

// askTemplate asks for a composable template, which Elasticsearch has since 7.8 (its
// guide, "Index templates").
// An older one refuses that path, and is asked for its own kind.
func (c Client) askTemplate(ctx context.Context, method, name string, body, older []byte) (status int, err error) {
	status, _, err = c.ask(ctx, method, "/_index_template/"+name, body)
	if status == http.StatusMethodNotAllowed {
		status, _, err = c.ask(ctx, method, "/_template/"+name, older)
	}
	return status, err
}

// legacyTemplate turns a composable template into one of Elasticsearch before
// 7.8. Source: Elasticsearch's guide, "Create or update index template" and
// "Create or update legacy index template".
func legacyTemplate(composable []byte) ([]byte, error) {
	var t struct {
		Patterns json.RawMessage `json:"index_patterns"`
		Priority int             `json:"priority"`
		Template struct {
			Settings json.RawMessage `json:"settings,omitempty"`
			Mappings json.RawMessage `json:"mappings,omitempty"`
		} `json:"template"`
	}
	if err := json.Unmarshal(composable, &t); err != nil {
		return nil, fmt.Errorf("it isn't JSON, or not an index template: %w", err)
	}
	return json.Marshal(map[string]any{
		"index_patterns": t.Patterns, "order": t.Priority, "settings": t.Template.Settings, "mappings": t.Template.Mappings,
	})
}

// TemplateTypes returns the type of each field that a new index of that name would
// have, by the templates that are there. It needs Elasticsearch 7.9.
func (c Client) TemplateTypes(ctx context.Context, index string) (map[string]string, error) {
	var answer struct {
		Template struct {
			Mappings struct {
				Properties map[string]struct{ Type string }
			}
		}
	}
	status, text, err := c.ask(ctx, http.MethodPost, "/_index_template/_simulate_index/"+index, nil)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, fmt.Errorf("no mapping in what Elasticsearch at %s would make of an index %q: %.500s", c.Addr, index, text)
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, err
	}
	types := map[string]string{}
	for field, property := range answer.Template.Mappings.Properties {
		types[field] = property.Type
	}
	return types, nil
}
