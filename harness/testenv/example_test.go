package testenv_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/util/tool"
)

// A test sends two orders through MQTT, the bridge, Kafka and Flink into Elasticsearch, and
// asserts on what is there. examples/orders has all of it, with keys and times.
func Example() {
	const sql = `
CREATE TABLE orders (id INT, euros INT) WITH ('connector' = 'kafka', 'topic' = '${name}',
  'properties.bootstrap.servers' = '${kafka}', 'scan.startup.mode' = 'earliest-offset', 'format' = 'json');
CREATE TABLE found (id INT, euros INT, PRIMARY KEY (id) NOT ENFORCED) WITH ('connector' = 'elasticsearch-7',
  'hosts' = 'http://${elasticsearch}', 'index' = '${name}');
INSERT INTO found SELECT * FROM orders;`
	_ = func(t *testing.T) {
		env := testenv.New(t, testenv.MQTT, testenv.Kafka, testenv.Flink, testenv.Elasticsearch)
		name := env.Name("orders") // of the topics and the index; another at each run
		env.Bridge(bridge.Config{Source: name, Topic: name, Record: func([]byte) (key []byte, at time.Time, err error) {
			return nil, time.Now(), nil
		}})
		env.MQTT.Publish(name, `{"id":1,"euros":12}`, `{"id":2,"euros":70}`)
		env.Eventually(env.Kafka.Count(name), 2, nil)
		job := env.Flink.Start("orders.sql", sql, map[string]string{"name": name})
		env.Eventually(env.Elasticsearch.Count(name), 2, job.Why)
		if found := env.Elasticsearch.Documents(name); found["2"] != `{"id":2,"euros":70}` {
			t.Errorf("%v", found)
		}
	}
}

// The package's TestMain. A component of one's own has its program, its ports, and how it
// says that it serves; testenv.New(t, testenv.Server{"redis"}) then starts it.
func ExampleMain() {
	redis := component.Component{
		Name: "redis", Program: component.Program{Binary: tool.Tool{Name: "redis-server"}},
		Ports: []component.Port{{Name: "client", Number: 6379}}, MemoryMiB: 32, BootLimit: 20 * time.Second,
		Process: func(s component.Site) component.Process {
			host, port, _ := net.SplitHostPort(s.Bind("client"))
			return component.Process{Command: []string{s.Executable, "--bind", host, "--port", port}}
		},
		Ready: func(ctx context.Context, at component.Addresses) error {
			conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", at.Addr("redis", "client"))
			if err == nil {
				err = conn.Close()
			}
			return err
		},
	}
	_ = func(m *testing.M) { testenv.Main(m, redis) }
}

// Eventually fails the test with the last count and a reason.
func ExampleEnv_Eventually() {
	_ = func(t *testing.T, env *testenv.Env, files func() int64) {
		env.Eventually(func(context.Context) (int64, error) { return files(), nil }, 3,
			func(context.Context) error { return fmt.Errorf("the program that writes them is slow") })
	}
}
