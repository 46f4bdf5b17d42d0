package component

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/segmentio/kafka-go"
)

// clusterID is 16 bytes ("hoplab-cluster-1") in URL-safe base64 without
// padding, as Kafka wants them.
const clusterID = "aG9wbGFiLWNsdXN0ZXItMQ"

// Kafka is one KRaft node that is broker and controller. Programs on the host
// use its port "client", other components "peer".
func Kafka() Component {
	return Component{
		Name:    "kafka",
		Program: Program{Poms: []string{"kafka"}},
		Ports: []Port{
			{Name: "client", Number: 9092},
			{Name: "peer", Number: 19092},
			{Name: "controller", Number: 9093},
		},
		MemoryMiB: 640,
		BootLimit: 2 * time.Minute,
		Process:   kafkaProcess,
		Ready:     kafkaReady,
	}
}

func kafkaProcess(s Site) Process {
	conf := fmt.Sprintf(`process.roles=broker,controller
node.id=1
controller.quorum.voters=1@%s
listeners=CLIENT://%s,PEER://%s,CONTROLLER://%s
advertised.listeners=CLIENT://%s,PEER://%s
inter.broker.listener.name=PEER
controller.listener.names=CONTROLLER
listener.security.protocol.map=CLIENT:PLAINTEXT,PEER:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=%s/data
num.partitions=3
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
# A topic that a typing error names must not come into being.
auto.create.topics.enable=false
# Records carry their rows' event time, which may be years ago: retention,
# which goes by that time, would delete them minutes after they came.
log.retention.ms=-1
`, s.Peer("kafka", "controller"),
		s.Bind("client"), s.Bind("peer"), s.Bind("controller"),
		s.Addr("kafka", "client"), s.Peer("kafka", "peer"), s.Dir)
	flags := []string{"-Xms256m", "-Dorg.slf4j.simpleLogger.showDateTime=true"}
	command := append(java(s, "kafka", 512, flags...), "kafka.Kafka", s.Dir+"/server.properties")
	return Process{
		Files:   []File{{"server.properties", conf}, {"data/meta.properties", metaProperties}},
		Command: command,
	}
}

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
	client := &kafka.Client{Addr: kafka.TCP(at.Addr("kafka", "client")), Timeout: 2 * time.Second}
	client.Transport = &kafka.Transport{DialTimeout: time.Second, Dial: (&net.Dialer{}).DialContext}
	meta, err := client.Metadata(ctx, &kafka.MetadataRequest{})
	if err != nil {
		return err
	}
	if len(meta.Brokers) == 0 {
		return errors.New("no broker is registered yet")
	}
	return nil
}
