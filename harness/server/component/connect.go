package component

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Connect is one distributed Kafka Connect worker with the open MQTT source
// connector (Apache Camel's) on its plugin path. Its three topics have the
// names of the original lab. The second of its artefacts is the connector.
func Connect() Component {
	return Component{
		Name:      "connect",
		Hop:       "bridge",
		Attach:    []string{"rest"},
		Ports:     []Port{{Name: "rest", Number: 8083}},
		Page:      Page{"connect", "rest", "/connectors?expand=status"},
		Peers:     []string{"kafka"},
		MemoryMiB: 640,
		BootLimit: 2 * time.Minute,
		Process:   connectProcess,
		Ready:     connectReady,
	}
}

func connectProcess(s Site) Process {
	conf := fmt.Sprintf(`bootstrap.servers=%s
group.id=lab-connect
config.storage.topic=docker-connect-configs
offset.storage.topic=docker-connect-offsets
status.storage.topic=docker-connect-status
config.storage.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
offset.storage.partitions=1
status.storage.partitions=1
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
listeners=http://%s
plugin.path=%s
plugin.discovery=hybrid_warn
%s`, s.Peer("kafka", "peer"), s.Bind("rest"), filepath.Dir(s.Artefacts[1]), kafkaClient(s.Secrets["kafka"]))
	var quiet []string
	if s.Secrets["mosquitto"].User != "" {
		// Else these would log the URL of the connector's source, with the password.
		quiet = []string{"org.apache.camel", "org.apache.kafka.common.config.AbstractConfig"}
	}
	files, flags := consoleLog(s, quiet...)
	command := append(java(s, 512, s.Artefacts[:1], flags...),
		"org.apache.kafka.connect.cli.ConnectDistributed", s.Dir+"/connect.properties")
	return Process{Files: append(files, File{Path: "connect.properties", Text: conf, Private: true}), Command: command}
}

// connectReady asks for the plug-ins: 4.1.2 answers 404 for some two seconds after it
// has begun to listen.
func connectReady(ctx context.Context, at Addresses) error {
	var plugins []struct{ Class string }
	if err := askJSON(ctx, at, "connect", "rest", "/connector-plugins", &plugins); err != nil {
		return err
	}
	if len(plugins) == 0 {
		return errors.New("no connector plug-in is loaded yet")
	}
	return nil
}
