package cli

import (
	"context"
	"crypto/pbkdf2"
	"crypto/sha512"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/need"
)

// TestSecureCluster attaches to a cluster with logins, as a class does.
func TestSecureCluster(t *testing.T) {
	heavy(t)
	need.Broker(t)
	runs := ownRuns(t)
	c := startCluster(t)
	t.Run("run", func(t *testing.T) { attachedRun(t, c) })
	runLab(t, "publish", "--attach", c.path, "--rows", "100", "--seed", "1").want(t, exitOK, "100 acknowledged")
	t.Run("Kafka Connect", func(t *testing.T) { connectRun(t, c, filepath.Join(runs, "class")) })
	t.Run("secrets stay", func(t *testing.T) { secretsStay(t, c, runs) })
	t.Run("SCRAM", func(t *testing.T) { scramRun(t, c) })
	t.Run("wrong passwords", func(t *testing.T) { wrongPasswords(t, c) })
	t.Run("the bridge gives up", func(t *testing.T) { bridgeGivesUp(t, c) })
	t.Run("taken names", func(t *testing.T) { takenNames(t, c) })
	runLab(t, "up", "--name", "class", "--only", "kafka").want(t, exitUsage, "was started with --secure")
	runLab(t, "up", "--name", "class", "--only", "kafka", "--secure").want(t, exitOK)
	runLab(t, "down", "class").want(t, exitOK, "class is down")
	nothingLeft(t, runs)
}

// attachedRun passes on all four hops, and leaves the cluster as it was.
func attachedRun(t *testing.T, c cluster) {
	before := c.topics(t)
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--runtime", "attach", "--attach", c.path, "--report", path).want(t, exitOK, "attach runtime: it was asked for")
	passedWith(t, readReport(t, path), 3000)
	if after := c.topics(t); !slices.Equal(before, after) {
		t.Errorf("topics before: %v, after: %v", before, after)
	}
	if status := c.elastic(t, http.MethodGet, "/"+foreign+"/_doc/1", ""); status != http.StatusOK {
		t.Errorf("the others' document: %d", status)
	}
	for _, path := range []string{"/_index_template/" + c.file.Prefix + "*", "/" + c.file.Prefix + "*?allow_no_indices=false"} {
		if status := c.elastic(t, http.MethodGet, path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d: the run has left something", path, status)
		}
	}
	jobs, err := c.pipeline(pipeline.Names{}).Flink().Jobs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range jobs {
		if !job.Over() {
			t.Errorf("job %s is %s", job.Name, job.State)
		}
	}
}

// connectRun has Kafka Connect log in at both sides. Afterwards no log of any
// server has a password.
func connectRun(t *testing.T, c cluster, dir string) {
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--attach", c.path, "--bridge", "connect", "--rows", "500", "--report", path).want(t, exitOK)
	passedWith(t, readReport(t, path), 500)
	logs, err := filepath.Glob(filepath.Join(dir, "*.log"))
	if err != nil || len(logs) < 8 { // seven components and the keeper
		t.Fatalf("logs: %v, %v", logs, err)
	}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		for name, login := range c.file.Access() {
			if strings.Contains(string(text), login.Password.Reveal()) {
				t.Errorf("the password of %s is in %s", name, log)
			}
		}
	}
}

// scramRun has the clients and Flink log in at Kafka by SCRAM-SHA-512.
func scramRun(t *testing.T, c cluster) {
	const rounds, password = 4096, `scr4m "'\ $x`
	salt := []byte("salt of a user called scram")
	salted, err := pbkdf2.Key(sha512.New, password, salt, rounds, sha512.Size)
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.kafka().AlterUserScramCredentials(t.Context(), &kafka.AlterUserScramCredentialsRequest{
		Upsertions: []kafka.UserScramCredentialsUpsertion{{
			Name: "scram", Mechanism: kafka.ScramMechanismSha512, Iterations: rounds, Salt: salt, SaltedPassword: salted,
		}},
	})
	if err != nil || res.Results[0].Error != nil {
		t.Fatalf("make a SCRAM user: %v, %v", err, res)
	}
	text, err := os.ReadFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	login := c.file.Access()["kafka"]
	changed := strings.NewReplacer("sasl: PLAIN\n    user: hoplab", "sasl: SCRAM-SHA-512\n    user: scram", login.Password.Reveal(), "${HOPLAB_TEST_SCRAM}").Replace(string(text))
	path := filepath.Join(t.TempDir(), "scram.yaml")
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOPLAB_TEST_SCRAM", password)
	results := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--attach", path, "--rows", "500", "--report", results).want(t, exitOK)
	passedWith(t, readReport(t, results), 500)
}

// wrongPasswords gives each server in turn another's password.
func wrongPasswords(t *testing.T, c cluster) {
	text, err := os.ReadFile(c.path)
	if err != nil {
		t.Fatal(err)
	}
	for name, port := range map[string]string{"mosquitto": "mqtt", "kafka": "client", "elasticsearch": "http"} {
		right := c.file.Access()[name].Password.Reveal()
		path := filepath.Join(t.TempDir(), "wrong.yaml")
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), right, "wr0ng")), 0o600); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		r := runLab(t, "run", "--attach", path)
		r.want(t, exitError, fmt.Sprintf("%s at %s refuses user hoplab", name, c.file.Addr(name, port)), "next: check "+name)
		if strings.Contains(r.err, "wr0ng") || time.Since(began) > 15*time.Second {
			t.Errorf("%s: after %v, or with the password:\n%s", name, time.Since(began), r.err)
		}
	}
}

// bridgeGivesUp: the bridge doesn't go on trying after its login was refused.
func bridgeGivesUp(t *testing.T, c cluster) {
	for _, name := range []string{"mosquitto", "kafka"} {
		p := c.pipeline(pipeline.NewNames("refused").Prefixed("bridge"))
		p.Access[name] = access.Login{User: "eve", Password: access.Hide("wr0ng")}
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		_, err := p.StartBridge(ctx)
		var refused *dial.RefusedError
		if !errors.As(err, &refused) || ctx.Err() != nil || !strings.Contains(err.Error(), "user eve") || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: error = %v", name, err)
		}
		cancel()
	}
	if err := cleanup.Remove(t.Context(), c.pipeline(pipeline.NewNames("refused").Prefixed("bridge"))); err != nil {
		t.Error(err)
	}
}

func takenNames(t *testing.T, c cluster) {
	free := pipeline.NewNames("free")
	for what, names := range map[string]pipeline.Names{
		"topic": {Source: "a", Topic: foreign, Index: free.Index}, "index": {Source: "a", Topic: free.Topic, Index: foreign},
	} {
		err := cleanup.Claim(t.Context(), c.pipeline(names))
		var taken *cleanup.TakenError
		if !errors.As(err, &taken) || taken.What != what || taken.Name != foreign {
			t.Errorf("%s: error = %v", what, err)
		}
	}
	if err := cleanup.Claim(t.Context(), c.pipeline(free)); err != nil {
		t.Error(err)
	}
}

func TestAttachUsage(t *testing.T) {
	ownRuns(t)
	t.Setenv("HOPLAB_RUNTIME", "")
	t.Setenv("HOPLAB_ATTACH", "")
	path := filepath.Join(t.TempDir(), "class.yaml")
	if err := os.WriteFile(path, []byte("components:\n  kafka: {address: a:1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte("components:\n  kafka: {adress: a:1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"run --runtime attach":                    "--attach FILE, or HOPLAB_ATTACH",
		"run --runtime local --attach " + path:    "give one of the two",
		"run --attach " + path:                    path + ":1: components lacks mosquitto, flink-jobmanager,",
		"run --attach " + broken:                  broken + ":2: kafka: unknown key",
		"run --attach " + path + ".none":          "class.yaml.none",
		"publish --attach " + path:                "components lacks mosquitto",
		"bridge --attach " + path:                 "components lacks mosquitto",
		"up --only zookeeper":                     "is called \"zookeeper\"",
		"up --secure --only mochi":                "use mosquitto",
		"up --name ../x":                          "--name is",
		"up --runtime attach":                     "starts nothing",
		"up --port kafka.front=1 --only kafka":    "kafka.client",
		"up --runtime cloud --only mosquitto":     `there is no runtime "cloud"`,
		"run --runtime attach --attach " + broken: ":2:",
	} {
		runLab(t, strings.Fields(args)...).want(t, exitUsage, want)
	}
}
