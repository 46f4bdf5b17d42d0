package component

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Elasticsearch is a single node without security, bound to its site only.
func Elasticsearch() Component {
	return Component{
		Name:         "elasticsearch",
		Program:      Program{Poms: []string{"elasticsearch"}},
		Ports:        []Port{{Name: "http", Number: 9200}, {Name: "transport", Number: 9300}},
		MemoryMiB:    1024,
		BootLimit:    3 * time.Minute,
		Unprivileged: true,
		Process:      elasticsearchProcess,
		Ready:        elasticsearchReady,
	}
}

func elasticsearchProcess(s Site) Process {
	_, port := split(s.Bind("http"))
	_, transport := split(s.Bind("transport"))
	conf := fmt.Sprintf(`cluster.name: hoplab
node.name: elasticsearch
discovery.type: single-node
network.host: %s
http.port: %s
transport.port: %s
path.data: %s/data
path.logs: %s/logs
xpack.security.enabled: false
# A laptop's disk is often fuller than the 95 %% at which a node makes its
# indices read-only; a lab's few megabytes don't make that worse.
cluster.routing.allocation.disk.threshold_enabled: false
`, s.BindHost, port, transport, s.Dir, s.Dir)
	return Process{
		Files: []File{
			{"config/elasticsearch.yml", conf},
			{"config/jvm.options", elasticsearchJVM},
			{"config/log4j2.properties", elasticsearchLog},
			{"tmp/README", "Elasticsearch's temporary files\n"},
		},
		Command: []string{filepath.Join(s.Artefacts["elasticsearch"], "bin", "elasticsearch")},
		Env: []string{
			"ES_PATH_CONF=" + s.Dir + "/config",
			"ES_TMPDIR=" + s.Dir + "/tmp",
			"ES_JAVA_HOME=" + s.JavaHome,
			"ES_JAVA_OPTS=",
		},
	}
}

// elasticsearchJVM leaves out the distribution's own log and dump files, whose
// paths are relative to its folder, which a run must not write to.
const elasticsearchJVM = `-Xms512m
-Xmx512m
-XX:+UseSerialGC
-XX:TieredStopAtLevel=1
-XX:+ExitOnOutOfMemoryError
-XX:-UsePerfData
-Djava.io.tmpdir=${ES_TMPDIR}
`

const elasticsearchLog = `status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.console.ref = console
`

func elasticsearchReady(ctx context.Context, at Addresses) error {
	var health struct{ Status string }
	if err := askJSON(ctx, at.Addr("elasticsearch", "http"), "/_cluster/health", &health); err != nil {
		return err
	}
	if health.Status == "red" {
		return errors.New("cluster health is red")
	}
	return nil
}
