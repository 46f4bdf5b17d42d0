package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

const (
	templateLimit = 30 * time.Second
	templateFile  = "index-template.json" // of lab 4
)

// PutTemplate puts lab 4's index template, which must be there before the index
// is: a mapping can't be changed.
func (p Pipeline) PutTemplate(ctx context.Context) error {
	label, text, err := p.filled(lab4, templateFile)
	if err != nil {
		return err
	}
	if err := p.putTemplate(ctx, []byte(text)); err != nil {
		return fmt.Errorf("put %s: %w", label, err)
	}
	return nil
}

// putTemplate puts a composable template, or for an older Elasticsearch the same
// as a template of its own kind.
func (p Pipeline) putTemplate(ctx context.Context, template []byte) error {
	older, err := legacyTemplate(template)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, templateLimit)
	defer cancel()
	_, err = p.askTemplate(ctx, http.MethodPut, template, older)
	return err
}

// askTemplate asks for the run's composable template, which Elasticsearch has
// since 7.8. An older one refuses that path, and is asked for its own kind.
func (p Pipeline) askTemplate(ctx context.Context, method string, body, older []byte) (status int, err error) {
	status, err = p.askElastic(ctx, method, "/_index_template/"+p.Names.Index, body)
	if status == http.StatusMethodNotAllowed {
		return p.askElastic(ctx, method, "/_template/"+p.Names.Index, older)
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
		return nil, fmt.Errorf("it is no JSON, or no index template: %w", err)
	}
	return json.Marshal(map[string]any{
		"index_patterns": t.Patterns, "order": t.Priority, "settings": t.Template.Settings, "mappings": t.Template.Mappings,
	})
}

// askElastic returns the status. One that is neither 200 nor 404 is an error
// too.
func (p Pipeline) askElastic(ctx context.Context, method, path string, body []byte) (status int, err error) {
	status, _, err = p.elastic(ctx, method, path, body)
	return status, err
}

// askElasticFor decodes the answer into v.
func (p Pipeline) askElasticFor(ctx context.Context, method, path string, v any) error {
	status, answer, err := p.elastic(ctx, method, path, nil)
	if err == nil && status == http.StatusNotFound {
		err = fmt.Errorf("Elasticsearch at %s has no %s", p.Elasticsearch(), path)
	}
	if err != nil {
		return err
	}
	return json.Unmarshal(answer, v)
}

func (p Pipeline) elastic(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	server := dial.Server{Component: "elasticsearch", Addr: p.Elasticsearch(), Login: p.Access["elasticsearch"]}
	said, err := server.Send(ctx, httpjson.Request{Method: method, URL: path, Body: body})
	if err != nil {
		return 0, nil, err
	}
	if said.Code != http.StatusOK && said.Code != http.StatusNotFound {
		return said.Code, nil, fmt.Errorf("Elasticsearch at %s says %w", server.Addr, said.Refusal())
	}
	return said.Code, said.Body, nil
}

// TemplateTypes returns the type of each field that a new index of the run would
// have, by the templates that are there. It needs Elasticsearch 7.9.
func (p Pipeline) TemplateTypes(ctx context.Context) (map[string]string, error) {
	var answer struct {
		Template struct {
			Mappings struct {
				Properties map[string]struct{ Type string }
			}
		}
	}
	if err := p.askElasticFor(ctx, http.MethodPost, "/_index_template/_simulate_index/"+p.Names.Index, &answer); err != nil {
		return nil, err
	}
	types := map[string]string{}
	for field, property := range answer.Template.Mappings.Properties {
		types[field] = property.Type
	}
	return types, nil
}
