package version_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/util/reexec"
)

func TestMain(m *testing.M) {
	reexec.Run(map[string]reexec.Role{keeper.RoleName: keeper.Role})
	os.Exit(m.Run())
}

// boot starts components of a stack as processes, for this test.
func boot(t *testing.T, stack string, names ...string) keeper.State {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it starts servers")
	}
	cache, err := dirs.Cache()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "stack-test-") // which other users can pass, unlike t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	c, err := keeper.Start(t.Context(), keeper.Config{Dir: filepath.Join(dir, "run"), Cache: cache, Stack: stack, Owner: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	if err := c.Ensure(t.Context(), names, nil); err != nil {
		t.Fatal(err)
	}
	state, err := c.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, entry := range state.Components {
		t.Logf("%s: ready in %v", name, entry.Boot)
	}
	return state
}

// get returns the answer to GET, its status and the header that today's clients
// know Elasticsearch by.
func get(t *testing.T, addr, path string, v any) (status int, product string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, v); err != nil {
		t.Fatalf("GET %s: %s", path, body)
	}
	return res.StatusCode, res.Header.Get("X-Elastic-Product")
}

// kafkaKeys returns how many kinds of requests the broker knows, by their number.
func kafkaKeys(t *testing.T, addr string) map[int]bool {
	t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(addr), Timeout: 10 * time.Second}
	answer, err := client.ApiVersions(t.Context(), &kafka.ApiVersionsRequest{})
	if err != nil || answer.Error != nil {
		t.Fatal(err, answer)
	}
	keys := map[int]bool{}
	for _, key := range answer.ApiKeys {
		keys[key.ApiKey] = true
	}
	return keys
}

// These requests tell Kafka's modes apart. Source: Kafka's protocol guide.
const (
	leaderAndISR    = 4  // from the controller, with ZooKeeper only
	describeQuorum  = 55 // KRaft only
	controlledShut  = 7
	describeCluster = 60
)

func TestSeedBoots(t *testing.T) {
	state := boot(t, "seed", "kafka", "elasticsearch")
	if state.Components["zookeeper"] == nil {
		t.Fatal("Kafka is up without its ZooKeeper")
	}
	keys := kafkaKeys(t, state.Addr("kafka", "client"))
	if !keys[leaderAndISR] || !keys[controlledShut] || keys[describeQuorum] || !keys[describeCluster] {
		t.Errorf("the broker's requests are %v, not those of one with ZooKeeper", keys)
	}
	log, err := os.ReadFile(state.Components["kafka"].Log)
	if err != nil || !strings.Contains(string(log), "Kafka version: 3.9.2") {
		t.Errorf("Kafka's log doesn't have version 3.9.2, %v:\n%.2000s", err, log)
	}
	writeAndRead(t, state.Addr("kafka", "client"))

	var info struct{ Version struct{ Number string } }
	status, product := get(t, state.Addr("elasticsearch", "http"), "/", &info)
	if status != http.StatusOK || info.Version.Number != "7.6.0" {
		t.Errorf("Elasticsearch is %q, status %d; want 7.6.0", info.Version.Number, status)
	}
	if product != "" {
		t.Errorf("Elasticsearch 7.6.0 sends X-Elastic-Product %q: the trap is gone", product)
	}
}

// writeAndRead shows that the broker's metadata and its log work.
func writeAndRead(t *testing.T, addr string) {
	t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(addr), Timeout: 10 * time.Second}
	made, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{
		Topics: []kafka.TopicConfig{{Topic: "smart", NumPartitions: 1, ReplicationFactor: 1}},
	})
	if err != nil || made.Errors["smart"] != nil {
		t.Fatal(err, made)
	}
	writer := &kafka.Writer{Addr: kafka.TCP(addr), Topic: "smart", BatchTimeout: time.Millisecond}
	defer writer.Close()
	if err := writer.WriteMessages(t.Context(), kafka.Message{Value: []byte("row")}); err != nil {
		t.Fatal(err)
	}
	reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{addr}, Topic: "smart"})
	defer reader.Close()
	if m, err := reader.ReadMessage(t.Context()); err != nil || string(m.Value) != "row" {
		t.Errorf("read %q, %v", m.Value, err)
	}
}

func TestCurrentBoots(t *testing.T) {
	need.Java(t, jdk.Versions{Oldest: 21})
	state := boot(t, "current", "elasticsearch")
	var nodes struct {
		Nodes map[string]struct{ Version string }
	}
	addr := state.Addr("elasticsearch", "http")
	status, product := get(t, addr, "/_nodes/_local", &nodes)
	if status != http.StatusOK || len(nodes.Nodes) != 1 || product != "Elasticsearch" {
		t.Fatalf("status %d, product %q, nodes %v", status, product, nodes.Nodes)
	}
	for _, node := range nodes.Nodes {
		if node.Version != "9.2.4" {
			t.Errorf("Elasticsearch is %q, want 9.2.4", node.Version)
		}
	}
	var refusal any
	if status, _ := get(t, addr, "/", &refusal); status == http.StatusOK {
		t.Error("GET / is answered: the reason that the stack gives is out of date")
	}
}
