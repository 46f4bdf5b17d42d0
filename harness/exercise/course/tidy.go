package course

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"

	"hoplab.example/harness/server/access/dial"
)

// tidy removes what the page has made, whatever has ended it.
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
	errs = append(errs,
		p.removeNamed(ctx, "connect", "rest", p.Connector(), "/connectors", "/connectors/"),
		p.removeNamed(ctx, "elasticsearch", "http", p.Names.Index, "/_aliases?expand_wildcards=all", "/"),
		p.Remove(ctx), os.RemoveAll(p.dir))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("remove what the page has made: %w", err)
	}
	return nil
}

// removeNamed deletes what a server lists under names that begin with the run's
// own. Names are deleted one by one: Elasticsearch 8 refuses a pattern.
func (p *pageRun) removeNamed(ctx context.Context, component, port, name, list, each string) error {
	addr := p.Sites.Addr(component, port)
	if addr == "" {
		return nil
	}
	login := p.Access[component]
	base := dial.URL(login, addr)
	names, err := listed(ctx, dial.Client(login), base+list)
	if err != nil {
		return err
	}
	var errs []error
	for _, n := range names {
		if n == name || strings.HasPrefix(n, name+"-") {
			errs = append(errs, ask(ctx, dial.Client(login), http.MethodDelete, base+each+url.PathEscape(n), nil))
		}
	}
	return errors.Join(errs...)
}

// listed returns the names that a server lists: an array of them, or an object
// with one field each.
func listed(ctx context.Context, client *http.Client, from string) (names []string, err error) {
	var answer json.RawMessage
	if err := ask(ctx, client, http.MethodGet, from, &answer); err != nil {
		return nil, err
	}
	if json.Unmarshal(answer, &names) == nil {
		return names, nil
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(answer, &fields); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", from, err)
	}
	for name := range fields {
		names = append(names, name)
	}
	return names, nil
}

// ask decodes the answer into v, unless that is nil.
func ask(ctx context.Context, client *http.Client, method, at string, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, at, nil)
	if err != nil {
		return err
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode >= http.StatusBadRequest && res.StatusCode != http.StatusNotFound:
		return fmt.Errorf("%s %s answers %s", method, at, res.Status)
	case v == nil:
		return nil
	}
	return json.NewDecoder(res.Body).Decode(v)
}
