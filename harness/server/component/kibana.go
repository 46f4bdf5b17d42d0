package component

import (
	"context"
	"fmt"
	"path"
	"time"
)

// Kibana shows what Elasticsearch holds. hoplab has it as an image only. Its guide
// supports Elasticsearch's own version ("Set up", Elasticsearch version).
func Kibana() Component {
	return Component{
		Name:         "kibana",
		Hop:          "kibana",
		Attach:       []string{"http"},
		Program:      Program{ImageOnly: true},
		Ports:        []Port{{Name: "http", Number: 5601}},
		Page:         Page{"kibana", "http", "/"},
		Peers:        []string{"elasticsearch"},
		MemoryMiB:    1024,
		BootLimit:    3 * time.Minute,
		Unprivileged: true, // as root it ends at once (elastic/kibana, src/setup_node_env/root)
		Process:      kibanaProcess,
		Ready:        kibanaReady,
	}
}

// kibanaProcess writes settings that 7.6, 7.17 and 8.19 have in common: Kibana
// refuses to start over one that it doesn't know. Source: "Configure Kibana" of
// its guide for each of these versions (kibana/settings).
func kibanaProcess(s Site) Process {
	host, port := split(s.Bind("http"))
	conf := fmt.Sprintf(`server.name: kibana
server.host: %q
server.port: %s
elasticsearch.hosts: ["http://%s"]
path.data: %s/data
# A lab's machine reports nothing about its use.
telemetry.optIn: false
%s`, host, port, s.Peer("elasticsearch", "http"), s.Dir, kibanaLogin(s.Secrets["elasticsearch"]))
	return Process{
		Files:   []File{{Path: "kibana.yml", Text: conf, Private: true}, {Path: "data/README", Text: "Kibana's own data\n"}},
		Command: []string{s.Executable, "--config", path.Join(s.Dir, "kibana.yml")},
		// Without a bound, an older Node.js takes what the machine has rather than what the
		// container may (nodejs/node, pull request 27508 and issue 47259).
		Env: []string{"NODE_OPTIONS=--max-old-space-size=768"},
	}
}

// kibanaReady requires the overall level "available" of Kibana's status API, or the
// state "green", as it was called before 8.0 (answer of 7.17.6).
// Source: "Access the Kibana status page" (kibana/access, api/status).
func kibanaReady(ctx context.Context, at Addresses) error {
	var answer struct {
		Status struct {
			Overall struct{ Level, State, Summary, Nickname string }
		}
	}
	if err := askJSON(ctx, at, "kibana", "http", "/api/status", &answer); err != nil {
		return err
	}
	overall := answer.Status.Overall
	if overall.Level == "available" || overall.Level == "" && overall.State == "green" {
		return nil
	}
	return fmt.Errorf("its overall status is %q, not available: %s", overall.Level+overall.State, overall.Summary+overall.Nickname)
}
