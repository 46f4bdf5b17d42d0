// Package pipeline has the steps by which rows get from the publisher into
// Elasticsearch, each as a function: bridge, publish, tables, export. The commands
// and the scenarios use the same steps.
package pipeline

import (
	"fmt"
	"slices"
	"strings"

	"hoplab.example/harness/client/flink"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
)

// Sites has the components' addresses, as host:port: for programs on the host
// (Addr) and for one another (Peer).
type Sites interface {
	Addr(component, port string) string
	Peer(component, port string) string
}

// Names are the names that one run uses, different ones where several runs share a
// stack. The names of the original lab are smart, lana and datuak.
type Names struct {
	Source string // topic of MQTT
	Topic  string // of Kafka
	Table  string // Flink's, over the topic
	Sink   string // Flink's, over the index
	Index  string // of Elasticsearch
}

// NewNames returns the original lab's names, with suffix where it isn't empty.
func NewNames(suffix string) Names {
	names := Names{Source: "smart", Topic: "smart", Table: "lana", Sink: "datuak", Index: "datuak"}
	if suffix == "" {
		return names
	}
	return names.With(suffix)
}

// With returns the names with a suffix.
func (n Names) With(suffix string) Names {
	suffix = "_" + suffix
	return Names{Source: n.Source + suffix, Topic: n.Topic + suffix, Table: n.Table + suffix, Sink: n.Sink + suffix, Index: n.Index + suffix}
}

// Prefixed returns the names with a prefix that a cluster requires of its users.
func (n Names) Prefixed(prefix string) Names {
	if prefix == "" {
		return n
	}
	prefix += "-"
	return Names{Source: prefix + n.Source, Topic: prefix + n.Topic, Table: prefix + n.Table, Sink: prefix + n.Sink, Index: prefix + n.Index}
}

// Pipeline is a stack and the names that a run uses on it.
type Pipeline struct {
	Sites Sites
	Names Names
	// Broker is the component that serves MQTT: mosquitto or mochi.
	Broker string
	// Access has the logins, by component; nil where no login is needed.
	Access access.Set
	// Files has the labs' files; nil for our solutions.
	Files Files
	// SQL, if set, reads and parses a lab's file of SQL in place of Files.
	SQL func(lab, name string) ([]flink.Statement, error)
	// Shared is a folder that Flink and the SQL engine both reach, "" where there is
	// none: only processes of one machine have one.
	Shared string
	// Scale spreads the rows of StartBridge, StartExport and the like.
	Scale Scale
	// AnyRows says that the rows are the user's own, and may lack those that a
	// panel of a dashboard is about, such as the gyroscope's.
	AnyRows bool
}

// Components returns the components that rows pass, from the one that serves MQTT to
// Elasticsearch.
func Components(broker string) []string {
	return slices.Concat([]string{broker, "kafka"}, component.Flink, []string{"elasticsearch"})
}

// MQTT returns the broker's host:port.
func (p Pipeline) MQTT() string { return p.Sites.Addr(p.Broker, "mqtt") }

// Kafka returns the host:port for programs on the host.
func (p Pipeline) Kafka() string { return p.Sites.Addr("kafka", "client") }

// Elasticsearch returns the host:port for programs on the host.
func (p Pipeline) Elasticsearch() string { return p.Sites.Addr("elasticsearch", "http") }

// Params are the values of ${name} in the labs' files. Addresses are those that
// other components use.
func (p Pipeline) Params() map[string]string {
	return map[string]string{
		"topic": p.Names.Topic, "source": p.Names.Source, "table": p.Names.Table, "sink": p.Names.Sink, "index": p.Names.Index,
		"client": "connect-" + p.Names.Source,
		"mqtt":   p.Sites.Peer(p.Broker, "mqtt"), "kafka": p.Sites.Peer("kafka", "peer"),
		"elasticsearch": p.Sites.Peer("elasticsearch", "http"),
	}
}

// fill replaces each ${name} of a JSON file.
func fill(file, text string, params map[string]string) (string, error) {
	var out strings.Builder
	for line, rest := 1, text; ; {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		line += strings.Count(before, "\n")
		name, tail, closed := strings.Cut(after, "}")
		value, known := params[name]
		if !closed || !known {
			return "", fmt.Errorf("%s:%d: ${%.40s isn't a parameter that is known here", file, line, name)
		}
		out.WriteString(value)
		rest = tail
	}
}
