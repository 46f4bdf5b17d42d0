package component

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Flink has the names of the components that Flink is made of.
var Flink = []string{"flink-jobmanager", "flink-taskmanager", "flink-gateway"}

// flinkSlots bounds how many jobs of parallelism 1 run at once.
const flinkSlots = 8

// FlinkJobManager is Flink's coordinator; its port "rest" also serves the UI.
func FlinkJobManager() Component {
	return Component{
		Name:      "flink-jobmanager",
		Hop:       "flink",
		Attach:    []string{"rest"},
		Ports:     []Port{{Name: "rest", Number: 8081}, {Name: "rpc", Number: 6123, Inner: true}, {Name: "blob", Number: 6124, Inner: true}},
		Page:      Page{"flink", "rest", "/"},
		MemoryMiB: 512,
		BootLimit: 2 * time.Minute,
		Process: func(s Site) Process {
			return flinkProcess(s, 448, nil,
				"org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
				"-D", "jobmanager.memory.off-heap.size=128m", "--configDir", s.Dir)
		},
		Ready: func(ctx context.Context, at Addresses) error {
			_, err := flinkSlotsTotal(ctx, at)
			return err
		},
	}
}

// FlinkTaskManager runs the jobs' tasks.
func FlinkTaskManager() Component {
	return Component{
		Name:      "flink-taskmanager",
		Hop:       "flink",
		By:        "flink-jobmanager",
		Ports:     []Port{{Name: "rpc", Number: 6122, Inner: true}, {Name: "data", Number: 6121, Inner: true}},
		Peers:     []string{"flink-jobmanager"},
		MemoryMiB: 896,
		BootLimit: 2 * time.Minute,
		Process:   flinkTaskManagerProcess,
		Ready:     flinkTaskManagerReady,
	}
}

// FlinkGateway is the SQL Gateway: SQL statements in over REST, jobs out.
func FlinkGateway() Component {
	return Component{
		Name:      "flink-gateway",
		Hop:       "flink",
		Attach:    []string{"rest"},
		Ports:     []Port{{Name: "rest", Number: 8083}},
		Peers:     []string{"flink-jobmanager"},
		MemoryMiB: 512,
		BootLimit: 2 * time.Minute,
		Process: func(s Site) Process {
			return flinkProcess(s, 384, nil, "org.apache.flink.table.gateway.SqlGateway",
				"-Dsql-gateway.endpoint.rest.address="+s.BindHost)
		},
		Ready: func(ctx context.Context, at Addresses) error {
			var info struct{ Version string }
			return askJSON(ctx, at, "flink-gateway", "rest", "/v1/info", &info)
		},
	}
}

// flinkName begins the names of Flink's components.
const flinkName = "flink"

// NamedFlink is a description of a component of Flink under a name that begins with
// another word, so that two versions can be in one stack.
func NamedFlink(name string, c Component) Component {
	return renamed(c, func(component string) string {
		if part, ok := strings.CutPrefix(component, flinkName+"-"); ok {
			return name + "-" + part
		}
		return component
	})
}

// renamed is a description in which components have other names.
func renamed(c Component, to func(component string) string) Component {
	process, ready := c.Process, c.Ready
	c.Name = to(c.Name)
	c.Peers = slices.Clone(c.Peers)
	for i, peer := range c.Peers {
		c.Peers[i] = to(peer)
	}
	c.Process = func(s Site) Process {
		peer := s.Peer
		s.Peer = func(component, port string) string { return peer(to(component), port) }
		return process(s)
	}
	c.Ready = func(ctx context.Context, at Addresses) error { return ready(ctx, readdressed{at, to}) }
	return c
}

// readdressed are addresses of components that have other names there.
type readdressed struct {
	Addresses
	renamed func(string) string
}

func (n readdressed) Addr(component, port string) string {
	return n.Addresses.Addr(n.renamed(component), port)
}

func flinkTaskManagerProcess(s Site) Process {
	// A TaskManager that is started by its main class, not by Flink's scripts,
	// needs every part of its memory set.
	args := []string{"--configDir", s.Dir}
	for _, setting := range []string{
		"taskmanager.cpu.cores=2",
		"taskmanager.memory.task.heap.size=384m",
		"taskmanager.memory.managed.size=128m",
		"taskmanager.memory.network.min=64m",
		"taskmanager.memory.network.max=64m",
		"taskmanager.memory.network.fraction=0.1",
		// Of the 2048 buffers that these are, each stage of a batch job takes 512 unless told
		// otherwise, so that four students' jobs at once would fail.
		"taskmanager.network.sort-shuffle.min-buffers=32",
		"taskmanager.memory.framework.heap.size=128m",
		"taskmanager.memory.framework.off-heap.size=128m",
		"taskmanager.memory.task.off-heap.size=64m",
		"taskmanager.memory.jvm-metaspace.size=256m",
		"taskmanager.memory.jvm-overhead.min=201326592b",
		"taskmanager.memory.jvm-overhead.max=201326592b",
	} {
		args = append(args, "-D", setting)
	}
	return flinkProcess(s, 512, []string{"-XX:MaxDirectMemorySize=256m"},
		append([]string{"org.apache.flink.runtime.taskexecutor.TaskManagerRunner"}, args...)...)
}

func flinkTaskManagerReady(ctx context.Context, at Addresses) error {
	slots, err := flinkSlotsTotal(ctx, at)
	if err != nil {
		return err
	}
	if slots == 0 {
		return errors.New("no task slot is registered with the JobManager yet")
	}
	return nil
}

func flinkSlotsTotal(ctx context.Context, at Addresses) (int, error) {
	var overview struct {
		Slots int `json:"slots-total"`
	}
	err := askJSON(ctx, at, "flink-jobmanager", "rest", "/overview", &overview)
	return overview.Slots, err
}

func flinkProcess(s Site, heapMiB int, flags []string, main ...string) Process {
	files, logging := consoleLog(s)
	flags = append(append(append(flags, actorStart), flinkModules...), logging...)
	return Process{
		Files:   append(files, File{Path: flinkConfigFile, Text: flinkConfig(s)}),
		Command: append(java(s, heapMiB, s.Artefacts, flags...), main...),
		Env:     []string{"FLINK_CONF_DIR=" + s.Dir},
	}
}

const flinkConfigFile = "config.yaml"

func flinkConfig(s Site) string {
	rest, restPort := split(s.Peer("flink-jobmanager", "rest"))
	rpc, rpcPort := split(s.Peer("flink-jobmanager", "rpc"))
	_, blobPort := split(s.Peer("flink-jobmanager", "blob"))
	_, gatewayPort := split(s.Peer("flink-gateway", "rest"))
	task, taskPort := split(s.Peer("flink-taskmanager", "rpc"))
	_, dataPort := split(s.Peer("flink-taskmanager", "data"))
	bind := s.BindHost
	var b strings.Builder
	for _, line := range [][2]string{
		{"rest.address", rest}, {"rest.port", restPort}, {"rest.bind-address", bind}, {"rest.bind-port", restPort},
		{"jobmanager.rpc.address", rpc}, {"jobmanager.rpc.port", rpcPort}, {"jobmanager.bind-host", bind},
		{"blob.server.port", blobPort}, {"jobmanager.memory.process.size", "1024m"},
		{"taskmanager.host", task}, {"taskmanager.bind-host", bind},
		{"taskmanager.rpc.port", taskPort}, {"taskmanager.data.port", dataPort},
		{"taskmanager.numberOfTaskSlots", fmt.Sprint(flinkSlots)},
		{"sql-gateway.endpoint.rest.address", bind}, {"sql-gateway.endpoint.rest.port", gatewayPort},
		// Without these the gateway would take the JobManager's bind options
		// (SqlGatewayRestEndpointFactory.java, rebuildRestEndpointOptions).
		{"sql-gateway.endpoint.rest.bind-address", bind}, {"sql-gateway.endpoint.rest.bind-port", gatewayPort},
		// Any web page in a browser can send requests here. It must not read the
		// answers, as Flink's default, *, allows (WebOptions.java): one of them is a
		// session of the gateway, which runs any statement. Nor must it upload a program.
		{"web.access-control-allow-origin", "http://" + rest + ":" + restPort}, {"web.submit.enable", "false"},
		{"parallelism.default", "1"},
		{"execution.checkpointing.interval", "2s"},
		{"state.checkpoints.dir", "file://" + s.Dir + "/checkpoints"},
		{"io.tmp.dirs", s.Dir + "/tmp"},
		// A TaskManager that has ended is noticed at the second failed heartbeat
		// (heartbeat.rpc-failure-threshold), one that is merely silent after the timeout.
		{"heartbeat.interval", "2000"}, {"heartbeat.timeout", "20000"},
		// How old a metric of the REST interface may be; the default of ten seconds
		// is too old for a lab's counts.
		{"metrics.fetcher.update-interval", "200"},
		// How old its answer about one job or its checkpoints may be, in milliseconds
		// (WebMonitorEndpoint.createExecutionGraphCache and RestOptions); three seconds
		// otherwise, which a student would wait for at each of a check's questions.
		{"web.refresh-interval", "500"},
		// A TaskManager that was up before its JobManager asks again at once,
		// not after ten seconds.
		{"cluster.registration.error-delay", "200"},
	} {
		fmt.Fprintf(&b, "%s: %s\n", line[0], line[1])
	}
	return b.String()
}

// actorStart: on a busy machine, the default of ten seconds is too short for a JVM to
// start its actor system. Flink's own setting for it, pekko.startup-timeout, sets
// remote.startup-timeout (PekkoUtils of 1.20.3 and 2.2.1), and Pekko reads
// remote.classic.startup-timeout (its reference.conf). Seen: with 1ms here, both versions
// end with "Futures timed out after [1 millisecond]".
const actorStart = "-Dpekko.remote.classic.startup-timeout=100s"

// flinkModules open what Flink reaches by reflection on Java 17, as its own config.yaml
// does (env.java.opts.all).
var flinkModules = func() []string {
	flags := []string{
		"--add-exports=java.base/sun.net.util=ALL-UNNAMED",
		"--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED",
		"--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED",
	}
	return append(flags, opened("java.lang", "java.net", "java.io", "java.nio", "sun.nio.ch", "java.lang.reflect", "java.text",
		"java.time", "java.util", "java.util.concurrent", "java.util.concurrent.atomic", "java.util.concurrent.locks")...)
}()
