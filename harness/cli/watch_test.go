package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/run"
	"hoplab.example/harness/util/chromiumtest"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/view/watch"
)

var pageAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+/\w+/`)

// watching runs 'lab watch' and returns the page's address, and a function that
// presses Ctrl-C and returns what the command came to.
func watching(t *testing.T, args ...string) (address string, press func() result) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	said, ended := make(chan string, 1), make(chan result, 1)
	go func() {
		ended <- labUntil(ctx, func(all string) {
			if found := pageAddress.FindString(all); found != "" {
				select {
				case said <- found:
				default:
				}
			}
		}, append([]string{"watch"}, args...)...)
	}()
	select {
	case address = <-said:
	case r := <-ended:
		t.Fatalf("lab watch ended: %+v", r)
	}
	return address, func() result { cancel(); return <-ended }
}

// TestWatch: real rows flow through real servers, and a real browser sees them
// come; then a server is killed.
func TestWatch(t *testing.T) {
	heavy(t)
	need.Chromium.Program(t, "chromium")
	runs := ownRuns(t)
	runLab(t, "up", "--only", usualBroker(t)+",kafka,flink-jobmanager,flink-taskmanager,flink-gateway,elasticsearch").want(t, exitOK)
	watched := []string{"--source", "smart_watch", "--index", "datuak_watch", "--check", "--seed", "5", "--rows", "2000"}
	address, press := watching(t, watched...)
	tab, wrong := chromiumtest.Open(t, address)
	chromiumtest.Show(t, tab, 1280, "light")
	if err := chromedp.Do(tab, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	chromiumtest.Await(t, tab, `document.body.dataset.state === 'quiet' && [...document.querySelectorAll('.rows')].every(e => e.textContent === '0')`)
	flowWatched(t)
	chromiumtest.Await(t, tab, `[...document.querySelectorAll('.rows')].every(e => e.textContent === '2,000')`)
	chromiumtest.Await(t, tab, `document.querySelectorAll('.flag.good:not([hidden])').length === 2 && document.body.dataset.state === 'quiet'`)
	if said := chromiumtest.Ask[string](t, tab, `document.getElementById('rows-elasticsearch').textContent`); !strings.Contains(said, "usid") || !strings.Contains(said, "_id 16") {
		t.Errorf("the last documents: %s", said)
	}
	onceSays(t, watched)
	kill(t, runs, "flink-taskmanager")
	chromiumtest.Await(t, tab, `document.getElementById('at-flink').classList.contains('wrong') && document.getElementById('problems').textContent.includes('flink-taskmanager died')`)
	runLab(t, append([]string{"watch", "--once"}, watched...)...).want(t, exitFailed, "flink-taskmanager died")
	for _, w := range wrong() {
		t.Error(w)
	}
	r := press()
	r.want(t, exitOK, "Ctrl-C ends this; the servers stay up")
	runLab(t, "down").want(t, exitOK)
	nothingLeft(t, runs)
}

// flowWatched sends rows through the run under the watched names.
func flowWatched(t *testing.T) {
	t.Helper()
	found, err := run.Choose(t.Context(), nil, "lab")
	if err != nil {
		t.Fatal(err)
	}
	input := wisdm.Generator{Seed: 5, Rows: 2000}
	oracle, err := wisdm.ReadOracle(input, wisdm.DefaultBase, 0)
	if err != nil {
		t.Fatal(err)
	}
	p := pipeline.Pipeline{Sites: found.State, Names: pipeline.NewNames("watch"), Broker: usualBroker(t)}
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Oracle: oracle, Base: wisdm.DefaultBase, QoS: 1, KeepJob: true})
	if err != nil {
		t.Fatalf("%v, %+v", err, results)
	}
}

func onceSays(t *testing.T, watched []string) {
	t.Helper()
	r := runLab(t, append([]string{"watch", "--once"}, watched...)...)
	r.want(t, exitOK)
	var said watch.Snapshot
	if err := json.Unmarshal([]byte(r.out), &said); err != nil || len(said.Hops) != 4 || said.Expected != 2000 || len(said.Problems) != 0 {
		t.Fatalf("%v, %+v", err, said)
	}
	for _, h := range said.Hops[1:] {
		if h.Rows != 2000 || h.Name != "flink" && (h.Check == nil || h.Check.Outcome != "passed" || len(h.Last) != 4) {
			t.Errorf("once: %+v", h)
		}
	}
}

// TestWatchUnreachable: nothing listens there.
func TestWatchUnreachable(t *testing.T) {
	ownRuns(t)
	path := filepath.Join(t.TempDir(), "attach.yaml")
	text := "components:\n  mosquitto: {address: 127.0.0.1:1}\n  kafka: {address: 127.0.0.1:1}\n  elasticsearch: {address: 127.0.0.1:1}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	r := runLab(t, "watch", "--attach", path, "--once")
	r.want(t, exitFailed, "3 things are wrong", "127.0.0.1:1")
	if !strings.Contains(r.out, `"note": "not in this run"`) || strings.Count(r.out, `"wrong": true`) != 3 {
		t.Errorf("printed:\n%s", r.out)
	}
	_, press := watching(t, "--attach", path)
	press().want(t, exitOK)
}
