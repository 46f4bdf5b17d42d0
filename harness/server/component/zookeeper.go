package component

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"
)

// ZooKeeper is the single node that Kafka before version 4 keeps its metadata
// in, where it doesn't run in KRaft mode. It comes with Kafka's artefact.
func ZooKeeper() Component {
	return Component{
		Name:      "zookeeper",
		Hop:       "kafka",
		Ports:     []Port{{Name: "client", Number: 2181}},
		MemoryMiB: 192,
		BootLimit: time.Minute,
		Process:   zooKeeperProcess,
		Ready:     zooKeeperReady,
	}
}

func zooKeeperProcess(s Site) Process {
	host, port := split(s.Bind("client"))
	conf := fmt.Sprintf(`dataDir=%s/data
clientPort=%s
clientPortAddress=%s
# Its web server would take a port of its own, on the whole machine.
admin.enableServer=false
# The one command that asks whether it serves.
4lw.commands.whitelist=ruok
maxClientCnxns=0
`, s.Dir, port, host)
	files, flags := consoleLog(s)
	command := append(java(s, 128, s.Artefacts[:1], flags...), "org.apache.zookeeper.server.quorum.QuorumPeerMain", s.Dir+"/zoo.cfg")
	return Process{Files: append(files, File{Path: "zoo.cfg", Text: conf}), Command: command}
}

// zooKeeperReady sends "ruok", to which a server that serves answers "imok".
// Source: ZooKeeper's administrator's guide, "The Four Letter Words".
func zooKeeperReady(ctx context.Context, at Addresses) error {
	dialer := net.Dialer{Timeout: time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", at.Addr("zookeeper", "client"))
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := conn.Write([]byte("ruok")); err != nil {
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 64))
	if err != nil {
		return err
	}
	if string(answer) != "imok" {
		return fmt.Errorf("asked ruok, it answers %q", answer)
	}
	return nil
}

// KafkaWithZooKeeper is one broker whose metadata is in ZooKeeper, as in the
// original lab; Kafka 4 has given that up (its upgrade notes, 4.0). It has no
// controller's port.
func KafkaWithZooKeeper() Component {
	c := Kafka()
	c.Ports = []Port{{Name: "client", Number: 9092}, {Name: "peer", Number: 19092, Inner: true}}
	c.Peers = []string{"zookeeper"}
	c.Process = kafkaWithZooKeeperProcess
	return c
}

func kafkaWithZooKeeperProcess(s Site) Process {
	protocol := kafkaProtocol(s.Secrets["kafka"])
	conf := fmt.Sprintf(`broker.id=1
zookeeper.connect=%s
# Both boot side by side: ZooKeeper may be up half a minute after Kafka.
zookeeper.connection.timeout.ms=60000
listeners=CLIENT://%s,PEER://%s
advertised.listeners=CLIENT://%s,PEER://%s
inter.broker.listener.name=PEER
listener.security.protocol.map=CLIENT:%s,PEER:%s
log.dirs=%s/data
%s`, s.Peer("zookeeper", "client"), s.Bind("client"), s.Bind("peer"),
		s.Addr("kafka", "client"), s.Peer("kafka", "peer"), protocol, protocol, s.Dir, kafkaTopics(1)+kafkaServer(s.Secrets["kafka"]))
	return kafkaWith(s, conf)
}
