package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

func TestUsageErrors(t *testing.T) {
	ownRuns(t)
	dir := t.TempDir()
	malformed := filepath.Join(dir, "rows.txt")
	if err := os.WriteFile(malformed, []byte("1600,A,1,0.5,0.5,0.5;\n1600,A,two,0.5,0.5,0.5;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.txt")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(t.TempDir(), "README.md")
	if err := os.WriteFile(page, []byte("# A page\n\n```sql\nSELECT 1;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ args, want string }{
		{"fly", `unknown command "fly"`},
		{"run --fast", "unknown flag: --fast; see 'lab run --help'"},
		{"run now", "see 'lab run --help'"},
		{"run --rows -1", "--rows is -1"},
		{"run --rate soon", `rate "soon"`},
		{"run --order random", "give time or file"},
		{"publish --share 4/3", "the second of three parts"},
		{"publish --late 2", `give a text such as "2%/10s"`},
		{"run --qos 3", "--qos is 3"},
		{"run --broker hive", "mosquitto, mochi"},
		{"run --bridge brooklyn", "go or connect"},
		{"run --input x --seed 2", "give one of the two"},
		{"run --input " + filepath.Join(dir, "absent"), "absent"},
		{"run --input " + empty, "holds no row"},
		{"run --input " + malformed, malformed + ":2:8"},
		{"run --input " + malformed, "--skip-bad"},
		{"run --stack ancient", "classic seed current"},
		{"stacks ancient", "classic seed current"},
		{"compose --port kafka.front=1", "kafka.client"},
		{"compose --only zebra", "is called \"zebra\""},
		{"images --stack ancient", "classic seed current"},
		{"images pull --stack ancient", "classic seed current"},
		{"images save", "accepts 1 arg"},
		{"dev images build --stack ancient", "classic seed current"},
		{"run --port zookeeper.client=2181", "no component"},
		{"run --port kafka.front=1", "kafka.client"},
		{"run --port kafka.client=70000", "1 to 65535"},
		{"logs", "accepts 1 arg"},
		{"dev bench --only speed", "reader"},
		{"dev bench --runs 0", "must be positive"},
		{"publish --qos 9", "--qos is 9"},
		{"bridge --broker=", "HOST:PORT"},
		{"watch 3 --check", "rows of your own attempt"},
		{"watch 77", "77"},
		{"notebook", "see 'lab notebook --help'"},
		{"notebook 99", "the labs are"},
		{"notebook 3 --page " + dir, "has no page there"},
		{"notebook 3 --update", "be in the checkout's folder"},
		{"notebook 3 --page " + page, "README.md:3: the fence that opens here is never closed"},
		{"preview now", `there is no lab "now"`},
		{"preview 5 6", "see 'lab preview --help'"},
		{"preview --rows -1", "--rows is -1"},
		{"preview --attach x", "--out"},
		{"preview --dashboard x.ndjson", "x.ndjson"},
		{"watch now", "now"},
		{"watch --port 70000", "1 to 65535"},
		{"watch --once --open", "--once serves no page"},
		{"watch --attach x --run y", "give one of the two"},
		{"watch --rows 5", "give --check too"},
		{"watch --attach " + filepath.Join(dir, "absent"), "absent"},
		{"export --elasticsearch=", "HOST:PORT"},
		{"export --kafka here", "HOST:PORT"},
		{"export --rejected smart", "round in the topic"},
		{"dev lint " + filepath.Join(dir, "absent"), "absent"},
		{"dev lint " + dir, "there is no lab in"},
		{"dev lint --except nothing", `there is no rule "nothing"; there are [definition`},
		{"dev lint --lab 3", "--run"},
		{"dev lint a b", "see 'lab dev lint --help'"},
		{"dev new 3-short", `a lab can't be called "3-short"`},
		{"dev new 03-flink", "the number 03 is already used by"},
		{"dev new", "see 'lab dev new --help'"},
		{"dev compat --rows 0", "--rows is 0"},
		{"dev compat --update " + malformed, "has no place for the matrix"},
		{"dev compat --update " + filepath.Join(dir, "absent"), "absent"},
	}
	for _, c := range cases {
		t.Run(c.args, func(t *testing.T) {
			runLab(t, strings.Fields(c.args)...).want(t, exitUsage, c.want)
		})
	}
}

func TestHelpTeaches(t *testing.T) {
	help := runLab(t, "--help")
	for _, want := range []string{"lab run", "Exit codes:", "130", "doctor"} {
		if !strings.Contains(help.out, want) {
			t.Errorf("lab --help lacks %q:\n%s", want, help.out)
		}
	}
	teaches(t, (&app{}).root())
}

// teaches fails the test where a command doesn't say what it does, or has no example.
func teaches(t *testing.T, c *cobra.Command) {
	t.Helper()
	for _, sub := range c.Commands() {
		if sub.Short == "" {
			t.Errorf("%s has no summary", sub.CommandPath())
		}
		if sub.Hidden {
			continue
		}
		if sub.Long == "" || !strings.Contains(sub.Example, sub.CommandPath()) {
			t.Errorf("%s --help lacks a text, or an example of itself", sub.CommandPath())
		}
		teaches(t, sub)
	}
}

func TestDoctor(t *testing.T) {
	runLab(t, "doctor").want(t, exitOK)
	t.Setenv("PATH", t.TempDir())
	t.Setenv("JAVA_HOME", "")
	t.Setenv("HOPLAB_CACHE", t.TempDir())
	r := runLab(t, "doctor")
	r.want(t, exitError, "missing: mvn") // a Java may lie in a usual place
	for _, want := range []string{"apt-get install maven", "dnf install maven", "brew install maven", "needed to fetch Kafka"} {
		if !strings.Contains(r.out, want) {
			t.Errorf("doctor's advice lacks %q:\n%s", want, r.out)
		}
	}
}

func TestNothingIsUp(t *testing.T) {
	ownRuns(t)
	runLab(t, "status").want(t, exitOK, "nothing is up")
	runLab(t, "down").want(t, exitOK, "nothing is up")
	runLab(t, "down", "gone").want(t, exitError, `no run called "gone"`)
	runLab(t, "logs", "kafka").want(t, exitError, "no run is up", "next: 'lab run --keep'")
	runLab(t, "preview").want(t, exitError, "no run is up", "next: 'lab run --keep'")
	runLab(t, "watch").want(t, exitError, "no run is up", "next: 'lab run --keep'")
	runLab(t, "watch", "--run", "gone").want(t, exitError, `no run called "gone"`, "next:")
	if got := runLab(t, "status", "--json").out; got != "{}\n" {
		t.Errorf("status --json = %q", got)
	}
}

// TestBridgeSaysWhatItWaitsFor: nothing listens at these addresses.
func TestBridgeSaysWhatItWaitsFor(t *testing.T) {
	ctx, press := context.WithTimeout(t.Context(), 10*time.Second)
	defer press()
	r := labUntil(ctx, func(said string) {
		if strings.Contains(said, "trying again") {
			press()
		}
	}, "bridge", "--broker", "127.0.0.1:1", "--kafka", "127.0.0.1:2")
	r.want(t, exitInterrupted, "trying again", "127.0.0.1:2", "Broker Not Available")
}
