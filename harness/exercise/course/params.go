package course

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/runtime/attach"
)

// hosts are the servers that http cells can ask, by parameter.
var hosts = []struct{ name, component, port string }{
	{"elasticsearch", "elasticsearch", "http"}, {"connect", "connect", "rest"},
	{"flink", "flink-jobmanager", "rest"}, {"gateway", "flink-gateway", "rest"},
	{"kibana", "kibana", "http"}, {"grafana", "grafana", "http"},
}

// params returns the parameters of http, json and sh cells. A server that isn't in
// the stack has no parameter: a page that names it is refused.
func (p *pageRun) params() (map[string]string, error) {
	params := p.Params()
	params["connector"] = p.Connector()
	delete(params, "elasticsearch") // the address as Flink sees it
	for _, h := range hosts {
		if addr := p.Sites.Addr(h.component, h.port); addr != "" {
			params[h.name] = addr
		}
	}
	maps.DeleteFunc(params, func(_, value string) bool { return value == "" })
	if !p.has(notebook.Sh) {
		return params, nil
	}
	file := filepath.Join(p.dir, "addresses.yaml")
	params["addresses"] = file
	return params, attach.Write(file, p.Sites, p.there(), p.Access, "")
}

// there returns the components that a script's commands can use.
func (p *pageRun) there() (names []string) {
	for name, port := range map[string]string{p.Broker: "mqtt", "kafka": "client", "elasticsearch": "http"} {
		if p.Sites.Addr(name, port) != "" {
			names = append(names, name)
		}
	}
	return names
}

// sql returns the executor of sql cells. They have the servers' addresses as Flink
// sees them, and their tables get the logins.
func (p *pageRun) sql() notebook.Executor {
	executor := notebook.SQLExecutor{
		Session: p.session, Prepare: p.made,
		Started: func(ctx context.Context, job string) error {
			p.jobs = append(p.jobs, job)
			return writes(ctx, p.Flink(), job)
		},
	}
	inside := p.Params()
	return executorFunc(func(ctx context.Context, c notebook.Cell) (string, error) {
		c.Params = inside
		return executor.Run(ctx, c)
	})
}

// made are the statements as they are run.
func (p *pageRun) made(statements []flink.Statement) ([]flink.Statement, error) {
	statements, err := p.WithLogins(statements)
	for i, s := range statements {
		if p.Ends {
			statements[i] = s.WithKafka(flink.UntilNow)
		}
	}
	return statements, err
}

type executorFunc func(context.Context, notebook.Cell) (string, error)

func (f executorFunc) Run(ctx context.Context, c notebook.Cell) (string, error) { return f(ctx, c) }

// client returns a client that logs in at one of the run's servers. A page can't ask
// any other: its content mustn't be sent anywhere else.
func (p *pageRun) client(host string) (*http.Client, error) {
	var known []string
	for _, h := range hosts {
		addr := p.Sites.Addr(h.component, h.port)
		if addr != "" && addr == host {
			login := p.Access[h.component]
			var transport http.RoundTripper = scheme{dial.URL(login, addr), dial.HTTP(login, 0)}
			if h.component == "connect" {
				transport = connectors{p.ConnectorLogin, p.Access[p.Broker], transport}
			}
			return &http.Client{Transport: transport}, nil
		}
		if addr != "" {
			known = append(known, "${"+h.name+"}")
		}
	}
	slices.Sort(known)
	return nil, fmt.Errorf("it isn't one of the run's servers, which are %s", strings.Join(known, ", "))
}

// scheme uses https where the server requires it: a page has http everywhere.
type scheme struct {
	base string
	next http.RoundTripper
}

func (s scheme) RoundTrip(req *http.Request) (*http.Response, error) {
	if name, _, _ := strings.Cut(s.base, ":"); name != req.URL.Scheme {
		req = req.Clone(req.Context())
		req.URL.Scheme = name
	}
	return s.next.RoundTrip(req)
}
