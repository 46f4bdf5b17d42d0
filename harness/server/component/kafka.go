package component

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access/dial"
)

// clusterID is 16 bytes ("hoplab-cluster-1") in URL-safe base64 without
// padding, which is Kafka's form.
const clusterID = "aG9wbGFiLWNsdXN0ZXItMQ"

// Kafka is one KRaft node that is broker and controller. Programs on the host
// use its port "client", other components "peer".
func Kafka() Component {
	return Component{
		Name:   "kafka",
		Hop:    "kafka",
		Attach: []string{"client", "peer"},
		Ports: []Port{
			{Name: "client", Number: 9092},
			{Name: "peer", Number: 19092, Inner: true},
			{Name: "controller", Number: 9093, Inner: true},
		},
		MemoryMiB: 640,
		BootLimit: 2 * time.Minute,
		Process:   kafkaProcess,
		Ready:     kafkaReady,
	}
}

// listener is one of Kafka's: its name, its port's name, and the address that it
// advertises to those who connect there.
type listener struct{ name, port, advertised string }

func kafkaProcess(s Site) Process { return kafkaListening(s) }

func kafkaListening(s Site, more ...listener) Process {
	return kafkaNode(s, []string{"kafka"}, more...)
}

// kafkaNode is one of the nodes of a cluster, the components of these names.
func kafkaNode(s Site, nodes []string, more ...listener) Process {
	protocol := kafkaProtocol(s.Secrets["kafka"])
	id := slices.Index(nodes, s.Name) + 1
	var voters []string
	for i, node := range nodes {
		voters = append(voters, fmt.Sprintf("%d@%s", i+1, s.Peer(node, "controller")))
	}
	listeners := append([]listener{
		{"CLIENT", "client", s.Addr(s.Name, "client")}, {"PEER", "peer", s.Peer(s.Name, "peer")},
	}, more...)
	var listens, advertised, protocols []string
	for _, l := range listeners {
		listens = append(listens, l.name+"://"+s.Bind(l.port))
		advertised = append(advertised, l.name+"://"+l.advertised)
		protocols = append(protocols, l.name+":"+protocol)
	}
	conf := fmt.Sprintf(`process.roles=broker,controller
node.id=%d
controller.quorum.voters=%s
listeners=%s,CONTROLLER://%s
advertised.listeners=%s
inter.broker.listener.name=PEER
controller.listener.names=CONTROLLER
listener.security.protocol.map=%s,CONTROLLER:PLAINTEXT
log.dirs=%s/data
%s`, id, strings.Join(voters, ","),
		strings.Join(listens, ","), s.Bind("controller"), strings.Join(advertised, ","), strings.Join(protocols, ","),
		s.Dir, kafkaTopics(len(nodes))+kafkaServer(s.Secrets["kafka"]))
	return kafkaWith(s, conf, File{Path: "data/meta.properties", Text: metaProperties(id)})
}

func kafkaWith(s Site, conf string, more ...File) Process {
	files, flags := consoleLog(s)
	return Process{
		Files:   append(append(files, File{Path: "server.properties", Text: conf, Private: true}), more...),
		Command: append(java(s, 512, s.Artefacts[:1], append(flags, "-Xms256m")...), "kafka.Kafka", s.Dir+"/server.properties"),
	}
}

// kafkaTopics are the settings of topics, in every mode: each node has a replica of all,
// and of three one may be away.
func kafkaTopics(nodes int) string {
	topics := fmt.Sprintf(kafkaTopicsForm, nodes, nodes, max(1, nodes-1))
	if nodes > 1 {
		topics += fmt.Sprintf("default.replication.factor=%d\nmin.insync.replicas=%d\n", nodes, nodes-1)
	}
	return topics
}

const kafkaTopicsForm = `num.partitions=3
offsets.topic.replication.factor=%d
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=%d
transaction.state.log.min.isr=%d
group.initial.rebalance.delay.ms=0
# A misspelled topic name must not create a topic.
auto.create.topics.enable=false
# Records carry their rows' event time, which may be years ago: retention,
# which goes by that time, would delete them minutes after they came.
log.retention.ms=-1
# How often Kafka looks for what is beyond a topic's retention.bytes; by default, every
# five minutes.
log.retention.check.interval.ms=5000
`

// metaProperties returns what `kafka-storage format` leaves in an empty log folder
// (org.apache.kafka.metadata.properties.MetaProperties, version 1). Written
// here, it saves the boot a second JVM; the metadata version is then the broker's
// latest for production (BootstrapDirectory.java, readFromConfiguration).
func metaProperties(node int) string {
	directory := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "hoplab-log-dir-%d", node))
	return fmt.Sprintf("version=1\ncluster.id=%s\nnode.id=%d\ndirectory.id=%s\n", clusterID, node, directory)
}

func kafkaReady(ctx context.Context, at Addresses) error { return kafkaHas(ctx, at, "kafka", 1) }

// kafkaHas asks a node whether so many brokers are registered.
func kafkaHas(ctx context.Context, at Addresses, node string, brokers int) error {
	addr, login := at.Addr(node, "client"), loginOf(at, "kafka")
	transport := dial.Kafka(login)
	transport.DialTimeout, transport.Dial = 2*time.Second, (&net.Dialer{}).DialContext
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: dial.KafkaAddr(addr), Timeout: 4 * time.Second, Transport: transport}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return dial.Explain("kafka", addr, login, err)
	}
	if n := len(meta.Brokers); n < brokers {
		return fmt.Errorf("%d of %d brokers are registered yet", n, brokers)
	}
	return nil
}
