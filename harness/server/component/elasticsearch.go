package component

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"hoplab.example/harness/util/tool"
)

// Elasticsearch is a single node, bound to its site only. It is open to
// everybody unless the site has a login for it.
func Elasticsearch() Component {
	return Component{
		Name:         "elasticsearch",
		Hop:          "elasticsearch",
		Attach:       []string{"http"},
		Program:      Program{Calls: []tool.Tool{tool.Bash}},
		Ports:        []Port{{Name: "http", Number: 9200}, {Name: "transport", Number: 9300, Inner: true}},
		Page:         Page{"elasticsearch", "http", "/_cat/indices?v"},
		MemoryMiB:    1024,
		BootLimit:    3 * time.Minute,
		Unprivileged: true,
		OwnLauncher:  true,
		Process:      elasticsearchProcess,
		Ready:        elasticsearchReady("elasticsearch"),
	}
}

// NamedElasticsearch is a description of Elasticsearch under another name, so
// that several versions can be in one stack.
func NamedElasticsearch(name string, c Component) Component {
	c.Name, c.Ready = name, elasticsearchReady(name)
	return c
}

// Elasticsearch76 describes versions before 7.12, whose start script takes the Java
// of JAVA_HOME. Their distribution without X-Pack refuses the security settings (seen
// with 7.6.0); in the full one of 7.x security is off by default (its guide, "Security
// settings", xpack.security.enabled).
func Elasticsearch76() Component {
	c := Elasticsearch()
	c.Process = func(s Site) Process { return elasticsearchWith(s, "", "JAVA_HOME="+s.JavaHome) }
	return c
}

func elasticsearchProcess(s Site) Process {
	return elasticsearchWith(s, elasticsearchSecurity(s.Secrets["elasticsearch"]), "ES_JAVA_HOME="+s.JavaHome)
}

func elasticsearchWith(s Site, settings, java string) Process {
	return elasticsearchNode(s, "node.name: elasticsearch\ndiscovery.type: single-node\n", settings, java)
}

// elasticsearchNode is a node that finds the others by the settings of discovery.
func elasticsearchNode(s Site, discovery, settings, java string) Process {
	_, port := split(s.Bind("http"))
	_, transport := split(s.Bind("transport"))
	conf := fmt.Sprintf(`cluster.name: hoplab
%snetwork.host: %s
http.port: %s
transport.port: %s
path.data: %s/data
path.logs: %s/logs
%s# A laptop's disk is often fuller than the 95 %% at which a node makes its
# indices read-only; a lab's few megabytes don't make that worse.
cluster.routing.allocation.disk.threshold_enabled: false
# The parent circuit breaker counts garbage as used memory. With G1 alone a node collects
# it before it refuses a request (HierarchyCircuitBreakerService.createOverLimitStrategy);
# with the serial collector it refuses each one from then on.
indices.breaker.total.use_real_memory: false
`, discovery, s.BindHost, port, transport, s.Dir, s.Dir, settings)
	return Process{
		Files: append([]File{
			{Path: "config/elasticsearch.yml", Text: conf},
			{Path: "config/jvm.options", Text: elasticsearchFlags(s)},
			{Path: "config/log4j2.properties", Text: log4j2Console},
			{Path: "tmp/README", Text: "Elasticsearch's temporary files\n"},
		}, elasticsearchUsers(s.Secrets["elasticsearch"])...),
		Command: []string{filepath.Join(s.Artefacts[0], "bin", "elasticsearch")},
		Env: []string{
			"ES_PATH_CONF=" + s.Dir + "/config",
			"ES_TMPDIR=" + s.Dir + "/tmp",
			java,
			"ES_JAVA_OPTS=",
		},
	}
}

// elasticsearchJVM leaves out the distribution's own log and dump files, whose
// paths are relative to its folder, which a run must not write to.
const elasticsearchJVM = `-Xms512m
-Xmx512m
-XX:+UseSerialGC
-XX:+ExitOnOutOfMemoryError
-XX:-UsePerfData
-Djava.io.tmpdir=${ES_TMPDIR}
`

func elasticsearchFlags(s Site) string {
	if s.Long {
		return elasticsearchJVM
	}
	return elasticsearchJVM + quickCompiler + "\n"
}

func elasticsearchReady(name string) func(context.Context, Addresses) error {
	return func(ctx context.Context, at Addresses) error { return elasticsearchHas(ctx, at, name, 1) }
}

// elasticsearchHas asks a node whether its cluster has so many nodes, and serves.
func elasticsearchHas(ctx context.Context, at Addresses, name string, nodes int) error {
	var health struct {
		Status string
		Nodes  int `json:"number_of_nodes"`
	}
	if err := askJSON(ctx, at, name, "http", "/_cluster/health", &health); err != nil {
		return err
	}
	if health.Status == "red" {
		return errors.New("cluster health is red")
	}
	if nodes > 1 && health.Nodes < nodes {
		return fmt.Errorf("%d of %d nodes have joined the cluster yet", health.Nodes, nodes)
	}
	return nil
}
