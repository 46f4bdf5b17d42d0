package component

import (
	"fmt"
	"hash/crc32"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/util/golden"
)

// nowhere gives each port a number that follows from its name, so that a new component
// changes no other's golden file.
type nowhere struct{}

func (nowhere) number(component, port string) int {
	return 10000 + int(crc32.ChecksumIEEE([]byte(component+"."+port))%50000)
}

func (n nowhere) Addr(component, port string) string {
	return fmt.Sprintf("host:%d", n.number(component, port))
}

func site(c Component) Site {
	at := nowhere{}
	return Site{
		Addresses: at, Name: c.Name, Dir: "/run/" + c.Name, JavaHome: "/java", Executable: "/bin/" + c.Name, BindHost: "0.0.0.0",
		Artefacts: []string{"/artefacts/" + c.Name + "-1/" + c.Name, "/artefacts/plugin-1/plugin"}, Classes: "/run/classes.jsa",
		Peer: func(component, port string) string {
			return fmt.Sprintf("%s:%d", component, at.number(component, port))
		},
	}
}

// variants are descriptions that take a component's place in some stacks, by
// the name of their golden file.
func variants() map[string]Component {
	all := map[string]Component{"kafka-zookeeper": KafkaWithZooKeeper(), "kafka-toxiproxy": KafkaByToxiproxy(), "mosquitto-small": SmallMosquitto(), "elasticsearch-7.6": Elasticsearch76()}
	for _, c := range All() {
		all[c.Name] = c
	}
	for _, c := range slices.Concat(KafkaNodes(), FlinkNodes(), ElasticsearchNodes()) {
		if strings.HasSuffix(c.Name, "-2") {
			all["cluster-"+c.Name] = c
		}
	}
	return all
}

// TestProcess compares what each component would run with a golden file, which
// shows every flag and setting at a glance; -update writes a new component's.
func TestProcess(t *testing.T) {
	for name, c := range variants() {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name+".golden")
			if !golden.Has(file) {
				t.Skip("skipped because it has no golden file")
			}
			p := c.Process(site(c))
			var got strings.Builder
			fmt.Fprintf(&got, "%s\n", strings.Join(p.Command, "\n  "))
			for _, e := range p.Env {
				fmt.Fprintf(&got, "env %s\n", e)
			}
			for _, f := range p.Files {
				fmt.Fprintf(&got, "\n-- %s --\n%s", f.Path, f.Text)
			}
			golden.Check(t, file, got.String())
		})
	}
}

func TestDescriptions(t *testing.T) {
	known := map[string]bool{}
	for _, c := range All() {
		known[c.Name] = true
	}
	for _, c := range variants() {
		if c.MemoryMiB <= 0 || c.BootLimit <= 0 || len(c.Ports) == 0 || c.Ready == nil {
			t.Errorf("%s lacks memory, boot limit, ports or readiness", c.Name)
		}
		seen := map[int]bool{}
		for _, p := range c.Ports {
			if p.Number == 0 || seen[p.Number] {
				t.Errorf("%s: port %s has number %d", c.Name, p.Name, p.Number)
			}
			seen[p.Number] = true
		}
		for _, peer := range c.Peers {
			if !known[peer] {
				t.Errorf("%s has an unknown peer %q", c.Name, peer)
			}
		}
	}
}

// TestReadySaysWhatItSaw asks where nothing listens.
func TestReadySaysWhatItSaw(t *testing.T) {
	for _, c := range All() {
		if err := c.Ready(t.Context(), closedPorts{}); err == nil {
			t.Errorf("%s is ready where nothing listens", c.Name)
		}
	}
}

type closedPorts struct{}

func (closedPorts) Addr(string, string) string { return "127.0.0.1:1" }
