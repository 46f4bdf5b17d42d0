// Package testenv has the servers of a streaming pipeline for Go tests: MQTT, Kafka, Flink
// and Elasticsearch, and components of one's own. The test binaries of one 'go test' share
// them, and they end with it. What a test makes has names of its own.
//
//	func TestMain(m *testing.M) { testenv.Main(m) }
//
//	func TestOrders(t *testing.T) {
//		env := testenv.New(t, testenv.MQTT, testenv.Kafka)
//		orders := env.Name("orders")
//		env.Bridge(bridge.Config{Source: orders, Topic: orders})
//		env.MQTT.Publish(orders, `{"id": 1}`)
//		env.Eventually(env.Kafka.Count(orders), 1, nil)
//	}
//
// A method that fails ends its test, and says what was tried and what was seen.
package testenv

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/broker"
	"hoplab.example/harness/run"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/runtime/attach"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/reexec"
)

// Server names the components that serve one thing.
type Server []string

// The servers that New knows.
var (
	MQTT          = Server{"mosquitto"} // the built-in broker where there is no mosquitto
	Kafka         = Server{"kafka"}
	Connect       = Server{"connect"}
	Flink         = Server(component.Flink)
	Elasticsearch = Server{"elasticsearch"}
)

// added are the names of the components that Main has added.
var added []string

// mainRan: this process can start the keeper of a stack.
var mainRan bool

// Tests are a *testing.M, or what does more than that before and after it.
type Tests interface{ Run() int }

// Main is the TestMain of a package that uses New. It adds components of one's own to
// those that New can start, by Server{NAME}.
func Main(m Tests, components ...component.Component) {
	for _, c := range components {
		version.Add(c)
		added = append(added, c.Name)
	}
	reexec.Run(map[string]reexec.Role{
		keeper.RoleName: keeper.Role, broker.RoleName: broker.Role,
	})
	mainRan = true
	os.Exit(m.Run())
}

// Env is what a test has of the servers: those that all tests share, or some of its own.
type Env struct {
	MQTT          MQTTClient
	Kafka         KafkaClient
	Flink         FlinkClient
	Elasticsearch ElasticsearchClient

	t   *testing.T
	run *run.Run
	// attached says where components are that run already; nil where they are the
	// tests' own.
	attached *attach.File
}

// New returns the shared servers, and starts those that aren't up yet.
func New(t *testing.T, servers ...Server) *Env {
	t.Helper()
	return Need(t, slices.Concat(servers...)...)
}

// Run returns the run that the servers are of.
func (e *Env) Run() *run.Run { return e.run }

// Attached says where components are that run already; nil where they are the tests' own.
func (e *Env) Attached() *attach.File { return e.attached }

// Access returns the logins, by component; nil where none is needed.
func (e *Env) Access() access.Set {
	if e.attached != nil {
		return e.attached.Access()
	}
	return e.run.Access
}

// Broker returns the component that serves MQTT.
func (e *Env) Broker() string { return brokerOf(e.run.Names) }

// Addr returns where a component's port is reached, as host:port.
func (e *Env) Addr(component, port string) string {
	e.t.Helper()
	addr := e.run.Addr(component, port)
	if addr == "" {
		e.t.Fatalf("%s has no address: New was asked for %s", component, strings.Join(e.run.Names, ", "))
	}
	return addr
}

// Name returns a name for a topic, an index or a table that is the test's own:
// lower case, as an index wants it, and different at each run.
func (e *Env) Name(base string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(e.t.Name()))
	name := fmt.Sprintf("%s_%s_%x", base, clean, time.Now().UnixNano()&0xffffff)
	if e.attached != nil && e.attached.Prefix != "" {
		return e.attached.Prefix + "-" + name
	}
	return name
}
