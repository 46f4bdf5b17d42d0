package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/need"
)

func TestStacks(t *testing.T) {
	all := runLab(t, "stacks")
	all.want(t, exitOK)
	for _, want := range []string{"classic (default)", "seed\n", "current\n", "elasticsearch:7.6.0", "camel-paho:3.11.1", "X-Elastic-Product"} {
		if !strings.Contains(all.out, want) {
			t.Errorf("lab stacks lacks %q:\n%s", want, all.out)
		}
	}
	one := runLab(t, "stacks", "seed")
	if strings.Contains(one.out, "classic") || !strings.Contains(one.out, "zookeeper") {
		t.Errorf("lab stacks seed:\n%s", one.out)
	}
	var stacks []version.Stack
	if err := json.Unmarshal([]byte(runLab(t, "stacks", "--json").out), &stacks); err != nil || len(stacks) != 3 || stacks[1].Name != "seed" || len(stacks[1].Parts) == 0 {
		t.Errorf("lab stacks --json: %v, %+v", err, stacks)
	}
}

func TestStackOfTheEnvironment(t *testing.T) {
	ownRuns(t)
	t.Setenv(version.Variable, "ancient")
	runLab(t, "run").want(t, exitUsage, `no stack "ancient"`)
	t.Setenv(version.Variable, "seed")
	noMaven(t)
	runLab(t, "run", "--runtime", "local", "--broker", "mochi").want(t, exitError, "stack seed: ", "zookeeper  ", "needed to fetch Kafka")
}

// TestCurrentStack: no sink for Elasticsearch runs on Flink 2, so the exporter fills it.
func TestCurrentStack(t *testing.T) {
	heavy(t)
	if os.Getenv(choose.Variable) != "containers" { // whose image brings its own
		need.Java(t, jdk.Versions{Oldest: 21})
	}
	runs := ownRuns(t)
	path := filepath.Join(t.TempDir(), "report.json")
	runLab(t, "run", "--stack", "current", "--rows", "500", "--report", path).want(t, exitOK, "stack current", "exporter")
	passedWith(t, readReport(t, path), 500)
	nothingLeft(t, runs)
}
