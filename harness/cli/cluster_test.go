package cli

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/runtime/attach"
)

// cluster is one that others use too: it has a topic and an index of theirs.
type cluster struct {
	path string
	file *attach.File
}

// foreign is the name of the topic and the index of others.
const foreign = "foreign"

func (c cluster) pipeline(names pipeline.Names) pipeline.Pipeline {
	return pipeline.Pipeline{Sites: c.file, Names: names, Broker: "mosquitto", Access: c.file.Access()}
}

func (c cluster) kafka() *kafka.Client {
	return &kafka.Client{Addr: dial.KafkaAddr(c.file.Addr("kafka", "client")), Transport: dial.Kafka(c.file.Access()["kafka"])}
}

// elastic asks Elasticsearch and returns the answer's status.
func (c cluster) elastic(t *testing.T, method, path, body string) int {
	t.Helper()
	login := c.file.Access()["elasticsearch"]
	req, err := http.NewRequestWithContext(t.Context(), method, dial.URL(login, c.file.Addr("elasticsearch", "http"))+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := dial.Client(login).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

func (c cluster) topics(t *testing.T) (names []string) {
	t.Helper()
	meta, err := c.kafka().Metadata(t.Context(), &kafka.MetadataRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range meta.Topics {
		names = append(names, topic.Name)
	}
	slices.Sort(names)
	return names
}

// startCluster has 'lab up' make a cluster that asks for logins.
func startCluster(t *testing.T) cluster {
	t.Helper()
	path := filepath.Join(t.TempDir(), "class.yaml")
	up := runLab(t, "up", "--name", "class", "--secure", "--runtime", "local", "--write", path,
		"--only", "mosquitto,kafka,connect,flink-jobmanager,flink-taskmanager,flink-gateway,elasticsearch")
	up.want(t, exitOK, "addresses and passwords are in "+path)
	file, err := attach.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	c := cluster{path, file}
	for name, login := range file.Access() {
		if len(login.Secrets()) == 0 || strings.Contains(up.out+up.err+runLab(t, "status", "--json").out, login.Secrets()[0]) {
			t.Errorf("the password of %s is printed, or there is none", name)
		}
	}
	if err := bridge.CreateTopic(t.Context(), c.pipeline(pipeline.Names{Source: foreign, Topic: foreign}).BridgeConfig()); err != nil {
		t.Fatal(err)
	}
	if status := c.elastic(t, http.MethodPut, "/"+foreign+"/_doc/1?refresh=true", `{"theirs":true}`); status != http.StatusCreated {
		t.Fatalf("make an index: %d", status)
	}
	return c
}
