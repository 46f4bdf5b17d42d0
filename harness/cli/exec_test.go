package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/util/need"
)

// upMosquitto keeps a run with mosquitto in it up during a test.
func upMosquitto(t *testing.T, runtime string) {
	t.Helper()
	runs := ownRuns(t)
	if runtime == "local" {
		need.Broker(t)
	} else {
		engine, err := image.NewEngine(t.Context())
		if err != nil {
			need.Engine.Skip(t, err)
		}
		engine.Close()
	}
	c, err := keeper.Start(t.Context(), keeper.Config{Dir: filepath.Join(runs, "lab"), Runtime: runtime, Owner: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	if err := c.Ensure(t.Context(), []string{"mosquitto"}, nil); err != nil {
		t.Fatal(err)
	}
}

// TestExec runs commands beside mosquitto, in each runtime.
func TestExec(t *testing.T) {
	heavy(t)
	for _, runtime := range []string{"local", "containers"} {
		t.Run(runtime, func(t *testing.T) {
			upMosquitto(t, runtime)
			got := runLab(t, "exec", "mosquitto", "--", "sh", "-c", "ls; echo $MOSQUITTO_MQTT; echo bad news >&2; exit 7")
			got.want(t, 7, "bad news")
			if !strings.Contains(got.out, "mosquitto.conf") {
				t.Errorf("it ran elsewhere than in the component's folder:\n%s", got.out)
			}
			if runtime == "local" && !strings.Contains(got.out, "127.0.0.1:") {
				t.Errorf("the environment lacks the address:\n%s", got.out)
			}
			runLab(t, "exec", "kafka", "--", "true").want(t, exitUsage, "it has [mosquitto]")
		})
	}
}

func TestExecWithoutAStack(t *testing.T) {
	ownRuns(t)
	runLab(t, "exec", "kafka", "--", "true").want(t, exitError, "no run is up")
	runLab(t, "exec", "kafka").want(t, exitUsage, "see 'lab exec --help'")
}

// TestAttachedComponentIsElsewhere attaches to the mosquitto of another run.
func TestAttachedComponentIsElsewhere(t *testing.T) {
	heavy(t)
	need.Broker(t)
	runs := ownRuns(t)
	file := filepath.Join(t.TempDir(), "attach.yaml")
	runLab(t, "up", "--only", "mosquitto", "--name", "theirs", "--write", file).want(t, exitOK)
	c, err := keeper.Start(t.Context(), keeper.Config{Dir: filepath.Join(runs, "ours"), Runtime: "attach", Attach: file, Owner: os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Ensure(t.Context(), []string{"mosquitto"}, nil); err != nil {
		t.Fatal(err)
	}
	runLab(t, "logs", "mosquitto", "--run", "ours").want(t, exitError, "runs elsewhere")
	runLab(t, "exec", "--run", "ours", "mosquitto", "--", "true").want(t, exitError, "runs elsewhere")
	runLab(t, "logs", "mosquitto", "--run", "theirs").want(t, exitOK)
}
