package containers

import (
	"context"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/need"
)

// composed returns the compose file of some of a stack's components, and the path where
// it is.
func composed(t *testing.T, stack string, names ...string) (o Compose, path string) {
	t.Helper()
	versions, err := version.Find(stack)
	if err != nil {
		t.Fatal(err)
	}
	found, err := versions.ByName(versions.Needed(names...)...)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	o = Compose{Stack: "test", All: versions.Components(), Components: found, Jars: func(context.Context, string) (string, error) { return dir, nil }}
	text, err := o.File(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, "compose.yaml")
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return o, path
}

func load(t *testing.T, path string) *types.Project {
	t.Helper()
	details := types.ConfigDetails{WorkingDir: filepath.Dir(path), ConfigFiles: types.ToConfigFiles([]string{path}), Environment: types.Mapping{}}
	project, err := loader.LoadWithContext(t.Context(), details)
	if err != nil {
		t.Fatal(err)
	}
	return project
}

// TestComposeIsRead loads the file of each stack with compose's own library.
func TestComposeIsRead(t *testing.T) {
	for stack, names := range map[string][]string{
		"classic": {"mosquitto", "kafka", "connect", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch", "kibana", "grafana"},
		"current": {"mosquitto", "kafka", "flink-jobmanager", "flink-taskmanager", "flink-gateway", "elasticsearch", "kibana", "grafana"},
		"seed":    {"mosquitto", "kafka", "elasticsearch", "kibana"},
	} {
		t.Run(stack, func(t *testing.T) {
			o, path := composed(t, stack, names...)
			project := load(t, path)
			if len(project.Services) != len(o.Components)+1 {
				t.Errorf("services %v", project.ServiceNames())
			}
			for _, c := range o.Components {
				reads(t, o, c, project)
			}
		})
	}
}

// reads compares what the library has read of a component with what it is.
func reads(t *testing.T, o Compose, c component.Component, project *types.Project) {
	t.Helper()
	s := project.Services[c.Name]
	if s.Image != c.Program.Image.Name || s.User != c.Program.Image.User || s.HealthCheck == nil || s.MemLimit == 0 {
		t.Errorf("%s: %+v", c.Name, s)
	}
	for _, p := range s.Ports {
		if p.HostIP != "127.0.0.1" {
			t.Errorf("%s: port %d is published on %q", c.Name, p.Target, p.HostIP)
		}
	}
	if l, _, _ := layout.ByImage(s.Image); len(s.Tmpfs) != len(l.Volumes) {
		t.Errorf("%s has %v in memory, want the volumes that its image declares", c.Name, s.Tmpfs)
	}
	for _, peer := range c.Peers {
		if s.DependsOn[peer].Condition != types.ServiceConditionHealthy {
			t.Errorf("%s doesn't wait for %s: %+v", c.Name, peer, s.DependsOn)
		}
	}
	site := component.Site{
		Addresses: o, Name: c.Name, BindHost: "0.0.0.0", Peer: o.peer, Dir: "/hoplab/" + c.Name, JavaHome: c.Program.Image.JavaHome,
		Artefacts: c.Program.Image.Artefacts, Executable: c.Program.Image.Executable,
	}
	plan := c.Process(site)
	if got := append(append([]string{}, s.Entrypoint...), s.Command...); strings.Join(got, "\n") != strings.Join(plan.Command, "\n") {
		t.Errorf("%s runs %q, want %q", c.Name, got, plan.Command)
	}
	texts := map[string]string{}
	for _, f := range s.Configs {
		texts[f.Target] = project.Configs[f.Source].Content
	}
	for _, f := range plan.Files {
		if texts[site.Dir+"/"+f.Path] != f.Text {
			t.Errorf("%s: the file %s is %q, want %q", c.Name, f.Path, texts[site.Dir+"/"+f.Path], f.Text)
		}
	}
	if c.Name == "kafka" && !strings.Contains(texts["/hoplab/kafka/server.properties"], "CLIENT://127.0.0.1:9092,PEER://kafka:19092") {
		t.Errorf("Kafka advertises %s", texts["/hoplab/kafka/server.properties"])
	}
}

func TestComposeWithoutBuiltIn(t *testing.T) {
	versions, err := version.Find("classic")
	if err != nil {
		t.Fatal(err)
	}
	mochi, err := versions.ByName("mochi")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (Compose{All: versions.Components(), Components: mochi}).File(t.Context()); err == nil || !strings.Contains(err.Error(), "--only") {
		t.Errorf("error = %v, want one that says what to do", err)
	}
}

// TestComposeStarts brings two servers up as the file's readers would, and finds their
// data again after 'down' and another 'up'.
func TestComposeStarts(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped because of -short: it starts containers")
	}
	engine, err := image.NewEngine(t.Context())
	if err != nil {
		need.Engine.Skip(t, err)
	}
	defer engine.Close()
	if out, err := osexec.CommandContext(t.Context(), "docker", "compose", "version").CombinedOutput(); err != nil {
		t.Skipf("skipped because docker has no plug-in compose: %v: %.100s", err, out)
	}
	o, path := composed(t, "classic", "mosquitto", "kafka")
	for _, c := range o.Components {
		if !engine.Has(t.Context(), c.Program.Image.Name) {
			t.Skipf("skipped because the engine lacks the image %s", c.Program.Image.Name)
		}
	}
	project := "hoplab-test-" + filepath.Base(filepath.Dir(filepath.Dir(path)))
	compose := func(ctx context.Context, args ...string) {
		t.Helper()
		cmd := osexec.CommandContext(ctx, "docker", append([]string{"compose", "-p", strings.ToLower(project), "-f", path}, args...)...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST="+engine.DaemonHost())
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("docker compose %v: %v: %s", args, err, out)
		}
	}
	defer compose(context.WithoutCancel(t.Context()), "down", "-v", "--timeout", "5")
	for _, again := range []bool{false, true} {
		compose(t.Context(), "up", "-d", "--wait", "--wait-timeout", "180")
		for _, c := range o.Components {
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			if err := c.Ready(ctx, o); err != nil {
				t.Errorf("%s: %v", c.Name, err)
			}
			cancel()
		}
		topic(t, o.Addr("kafka", "client"), again)
		compose(t.Context(), "down", "--timeout", "20")
	}
}

// topic makes a topic, or looks whether it is still there.
func topic(t *testing.T, addr string, again bool) {
	t.Helper()
	conn, err := kafka.DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if !again {
		err = conn.CreateTopics(kafka.TopicConfig{Topic: "kept", NumPartitions: 1, ReplicationFactor: 1})
	} else if _, err = conn.ReadPartitions("kept"); err != nil {
		t.Error("Kafka has lost its data in 'down': ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
