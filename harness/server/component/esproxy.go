package component

import (
	"context"
	"time"
)

// ESProxy is the proxy built into hoplab that lets Flink's elasticsearch-7 sink
// write to Elasticsearch 8.
func ESProxy() Component {
	return Component{
		Name:      "esproxy",
		Program:   Program{Builtin: "esproxy"},
		Ports:     []Port{{Name: "http", Number: 9201}},
		Peers:     []string{"elasticsearch"},
		MemoryMiB: 64,
		BootLimit: 3 * time.Minute, // it is ready once Elasticsearch is
		Process: func(s Site) Process {
			return Process{Command: []string{s.Executable, s.Bind("http"), s.Peer("elasticsearch", "http")}}
		},
		Ready: func(ctx context.Context, at Addresses) error {
			var health struct{ Status string }
			return askJSON(ctx, at, "esproxy", "http", "/_cluster/health", &health)
		},
	}
}
