package component

import (
	"context"
	"strings"
	"time"
)

// way is a connection that can be cut: the toxiproxy's port of that name leads to the
// port of a component.
type way struct{ name, component, port string }

// ways are named after who uses them.
var ways = []way{
	{"publisher", "mosquitto", "mqtt"},
	{"subscriber", "mosquitto", "mqtt"},
	{"producer", "kafka", "produce"},
	{"consumer", "kafka", "consume"},
	{"sink", "elasticsearch", "http"},
}

// Toxiproxy is a server built into hoplab which passes on connections that are
// to be cut. Its port "api" takes commands; the others are the ways: "publisher" and
// "subscriber" to the MQTT broker, "producer" and "consumer" to Kafka, "sink" to
// Elasticsearch.
func Toxiproxy() Component {
	c := Component{
		Name:      "toxiproxy",
		Program:   Program{Builtin: "toxiproxy"},
		Ports:     []Port{{Name: "api", Number: 8474}},
		MemoryMiB: 64,
		BootLimit: 20 * time.Second,
		Process: func(s Site) Process {
			command := []string{s.Executable, s.Bind("api")}
			for _, w := range ways {
				command = append(command, strings.Join([]string{w.name, s.Bind(w.name), s.Peer(w.component, w.port)}, "="))
			}
			return Process{Command: command}
		},
		Ready: func(ctx context.Context, at Addresses) error {
			var ways map[string]any
			return askJSON(ctx, at, "toxiproxy", "api", "/proxies", &ways)
		},
	}
	for i, w := range ways {
		c.Ports = append(c.Ports, Port{Name: w.name, Number: 8475 + i})
	}
	return c
}

// KafkaByToxiproxy is Kafka with two listeners more, which are reached through the
// toxiproxy only: "produce" is for programs on the host, "consume" for other
// components.
func KafkaByToxiproxy() Component {
	c := Kafka()
	c.Ports = append(c.Ports, Port{Name: "produce", Number: 9094, Inner: true}, Port{Name: "consume", Number: 9095, Inner: true})
	c.Process = func(s Site) Process {
		return kafkaListening(s,
			listener{"PRODUCE", "produce", s.Addr("toxiproxy", "producer")},
			listener{"CONSUME", "consume", s.Peer("toxiproxy", "consumer")})
	}
	return c
}
