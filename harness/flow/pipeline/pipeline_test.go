package pipeline

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/flink"
)

// nowhere is a stack whose addresses are what was asked for.
type nowhere struct{}

func (nowhere) Addr(component, port string) string { return component + "." + port }
func (nowhere) Peer(component, port string) string { return "peer." + component + "." + port }

func sample() Pipeline {
	return Pipeline{Sites: nowhere{}, Names: NewNames("7"), Broker: "mochi"}
}

func TestFill(t *testing.T) {
	params := map[string]string{"a": "1", "b": "2"}
	if got, err := fill("f.json", `{"x": "${a}${b}", "y": "$"}`, params); err != nil || got != `{"x": "12", "y": "$"}` {
		t.Errorf("fill = %q, %v", got, err)
	}
	for _, text := range []string{"{\n\"x\": \"${c}\"}", "{\n\"x\": \"${a"} {
		if _, err := fill("f.json", text, params); err == nil || !strings.HasPrefix(err.Error(), "f.json:2: ") {
			t.Errorf("fill(%q): %v, want an error at f.json:2", text, err)
		}
	}
}

func TestConnectorConfigs(t *testing.T) {
	camel, err := sample().ConnectorConfig("camel-mqtt.json")
	if err != nil {
		t.Fatal(err)
	}
	want := "paho:smart_7?brokerUrl=tcp://peer.mochi.mqtt&qos=1&clientId=connect-smart_7&cleanSession=false"
	if camel["camel.source.url"] != want || camel["topics"] != "smart_7" {
		t.Errorf("camel-mqtt.json = %v", camel)
	}
	confluent, err := sample().ConnectorConfig("confluent-mqtt.json")
	if err != nil {
		t.Fatal(err)
	}
	if confluent["mqtt.server.uri"] != "tcp://peer.mochi.mqtt" || confluent["confluent.topic.bootstrap.servers"] != "peer.kafka.peer" {
		t.Errorf("confluent-mqtt.json = %v", confluent)
	}
}

// TestStatements shows that the labs' SQL is what the pipeline takes it for.
func TestStatements(t *testing.T) {
	cases := []struct {
		name  string
		parse func() ([]flink.Statement, error)
		want  []string // what each statement holds
	}{
		{"tables", sample().Tables, []string{"CREATE TABLE `lana_7`"}},
		{"export", sample().Export, []string{"CREATE TABLE `datuak_7`", "INSERT INTO `datuak_7`"}},
	}
	for _, c := range cases {
		statements, err := c.parse()
		if err != nil || len(statements) != len(c.want) {
			t.Errorf("%s: %d statements, %v; want %d", c.name, len(statements), err, len(c.want))
			continue
		}
		for i, s := range statements {
			if !strings.Contains(s.Text, c.want[i]) || strings.Contains(s.Text, "${") {
				t.Errorf("%s, statement %d:\n%s\nwant %q, filled in", c.name, i, s.Text, c.want[i])
			}
		}
	}
}

// TestStatementsOfOtherFiles: a file that isn't a lab's has the same parameters.
func TestStatementsOfOtherFiles(t *testing.T) {
	statements, err := sample().Statements("my.sql", "SELECT 1 FROM `${table}`; SELECT 2")
	if err != nil || len(statements) != 2 || statements[0].Text != "SELECT 1 FROM `lana_7`" || statements[1].File != "my.sql" {
		t.Errorf("%+v, %v", statements, err)
	}
	if _, err := sample().Statements("my.sql", "SELECT\n ${nope}"); err == nil || !strings.HasPrefix(err.Error(), "my.sql:2:2: ") {
		t.Errorf("error = %v, want one at my.sql:2:2", err)
	}
}

// TestStartBridgeCanBeCancelled: nothing listens at these addresses.
func TestStartBridgeCanBeCancelled(t *testing.T) {
	p := Pipeline{Sites: closedSites{}, Names: NewNames(""), Broker: "mosquitto"}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	if _, err := p.StartBridge(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want that of the context", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("it took %v to give up", took)
	}
}

type closedSites struct{}

func (closedSites) Addr(string, string) string { return "127.0.0.1:1" }
func (closedSites) Peer(string, string) string { return "127.0.0.1:1" }
