package component

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// clusterBoot is for nodes of a cluster, which wait for one another.
const clusterBoot = 4 * time.Minute

// KafkaNodes are three KRaft nodes, each broker and controller. A topic has a replica on
// each, and a write waits for two of them, so one node may be away.
func KafkaNodes() (nodes []Component) {
	names := []string{"kafka", "kafka-2", "kafka-3"}
	for _, name := range names {
		c := Kafka()
		c.Name, c.BootLimit = name, clusterBoot
		if name != "kafka" {
			c.Attach, c.Peers = nil, []string{"kafka"}
		}
		c.Process = func(s Site) Process { return kafkaNode(s, names) }
		c.Ready = func(ctx context.Context, at Addresses) error { return kafkaHas(ctx, at, name, len(names)) }
		nodes = append(nodes, c)
	}
	return nodes
}

// FlinkNodes are Flink with two TaskManagers, over which a job's tasks are spread.
func FlinkNodes() []Component {
	const task = "flink-taskmanager"
	second := renamed(FlinkTaskManager(), func(name string) string {
		if name == task {
			return task + "-2"
		}
		return name
	})
	nodes := []Component{FlinkJobManager(), FlinkTaskManager(), second, FlinkGateway()}
	for i := range nodes {
		process := nodes[i].Process
		nodes[i].Process = func(s Site) Process {
			p := process(s)
			at := slices.IndexFunc(p.Files, func(f File) bool { return f.Path == flinkConfigFile })
			p.Files[at].Text += "taskmanager.load-balance.mode: SLOTS\n"
			return p
		}
	}
	for _, i := range []int{1, 2} {
		nodes[i].Ready = func(ctx context.Context, at Addresses) error {
			slots, err := flinkSlotsTotal(ctx, at)
			if err == nil && slots < 2*flinkSlots {
				err = fmt.Errorf("%d of %d task slots are registered with the JobManager yet", slots, 2*flinkSlots)
			}
			return err
		}
	}
	return nodes
}

// ElasticsearchNodes are two nodes. The first is the master; of two that may become it
// one alone would vote, and its end leave the cluster without a master (Elasticsearch's
// Reconfigurator.java, roundDownToOdd).
func ElasticsearchNodes() (nodes []Component) {
	names := []string{"elasticsearch", "elasticsearch-2"}
	for _, name := range names {
		c := Elasticsearch()
		c.Name, c.BootLimit = name, clusterBoot
		roles := "[master, data, ingest]"
		if name != names[0] {
			roles, c.Attach, c.Peers = "[data, ingest]", nil, names[:1]
		}
		c.Process = func(s Site) Process {
			discovery := []string{
				"node.name: " + name, "node.roles: " + roles,
				"cluster.initial_master_nodes: elasticsearch",
				"discovery.seed_hosts: " + s.Peer(names[0], "transport"),
			}
			return elasticsearchNode(s, strings.Join(discovery, "\n")+"\n",
				elasticsearchSecurity(s.Secrets["elasticsearch"]), "ES_JAVA_HOME="+s.JavaHome)
		}
		c.Ready = func(ctx context.Context, at Addresses) error { return elasticsearchHas(ctx, at, name, len(names)) }
		nodes = append(nodes, c)
	}
	return nodes
}
