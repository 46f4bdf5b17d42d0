package component

import (
	"context"
	"errors"
	"fmt"
	"net"
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
	protocol := kafkaProtocol(s.Secrets["kafka"])
	listeners := append([]listener{
		{"CLIENT", "client", s.Addr("kafka", "client")}, {"PEER", "peer", s.Peer("kafka", "peer")},
	}, more...)
	var listens, advertised, protocols []string
	for _, l := range listeners {
		listens = append(listens, l.name+"://"+s.Bind(l.port))
		advertised = append(advertised, l.name+"://"+l.advertised)
		protocols = append(protocols, l.name+":"+protocol)
	}
	conf := fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@%s
listeners=%s,CONTROLLER://%s
advertised.listeners=%s
inter.broker.listener.name=PEER
controller.listener.names=CONTROLLER
listener.security.protocol.map=%s,CONTROLLER:PLAINTEXT
log.dirs=%s/data
%s`, s.Peer("kafka", "controller"),
		strings.Join(listens, ","), s.Bind("controller"), strings.Join(advertised, ","), strings.Join(protocols, ","),
		s.Dir, kafkaTopics+kafkaServer(s.Secrets["kafka"]))
	return kafkaWith(s, conf, File{Path: "data/meta.properties", Text: metaProperties})
}

func kafkaWith(s Site, conf string, more ...File) Process {
	files, flags := consoleLog(s)
	return Process{
		Files:   append(append(files, File{Path: "server.properties", Text: conf, Private: true}), more...),
		Command: append(java(s, 512, s.Artefacts[:1], append(flags, "-Xms256m")...), "kafka.Kafka", s.Dir+"/server.properties"),
	}
}

// kafkaTopics are the settings of topics, in every mode.
const kafkaTopics = `num.partitions=3
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
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

// metaProperties is what `kafka-storage format` leaves in an empty log folder
// (org.apache.kafka.metadata.properties.MetaProperties, version 1). Written
// here, it saves the boot a second JVM; the metadata version is then the
// newest that the broker knows.
const metaProperties = `version=1
cluster.id=` + clusterID + `
node.id=1
directory.id=aG9wbGFiLWxvZy1kaXItMQ
`

func kafkaReady(ctx context.Context, at Addresses) error {
	addr, login := at.Addr("kafka", "client"), loginOf(at, "kafka")
	transport := dial.Kafka(login)
	transport.DialTimeout, transport.Dial = 2*time.Second, (&net.Dialer{}).DialContext
	defer transport.CloseIdleConnections()
	client := &kafka.Client{Addr: dial.KafkaAddr(addr), Timeout: 4 * time.Second, Transport: transport}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return dial.Explain("kafka", addr, login, err)
	}
	if len(meta.Brokers) == 0 {
		return errors.New("no broker is registered yet")
	}
	return nil
}
