package watch

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"hoplab.example/harness/util/chromiumtest"
	"hoplab.example/harness/verify/hop"
)

var update = flag.Bool("update", false, "keep the screenshots in testdata/screenshots")

// served serves a page until the test ends, or end is called.
func served(t *testing.T, c Config) (address string, end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- Serve(ctx, c, 0, func(address string) { ready <- address }) }()
	end = func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		done <- nil
	}
	t.Cleanup(end)
	select {
	case address = <-ready:
	case err := <-done:
		done <- err
		t.Fatalf("not served: %v", err)
	}
	return address, end
}

func shown(f *fake) Config {
	return Config{
		Run: "run lab, stack classic", Source: f, Every: 50 * time.Millisecond, Patience: time.Hour, Linger: time.Hour,
		Names: map[string]string{hop.MQTT: "smart", hop.Kafka: "smart", hop.Flink: "smart", hop.Elasticsearch: "datuak"},
	}
}

// sums returns the rows that the page shows at each hop.
const sums = `[...document.querySelectorAll('.rows')].map(e => Number(e.textContent.replaceAll(',', '')))`

// open loads the page, and marks it so that a reload would be noticed.
func open(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	chromiumtest.Ask[bool](t, ctx, `window.sameLoad = true`)
	chromiumtest.Await(t, ctx, `document.body.dataset.link === 'up'`)
}

func origin(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + u.Host + "/"
}

// TestPageInBrowser: the fake source's counts grow on the page by themselves.
func TestPageInBrowser(t *testing.T) {
	f := newFake(120)
	f.growBy(7)
	address, _ := served(t, shown(f))
	ctx, wrong := chromiumtest.Open(t, origin(t, address))
	chromiumtest.Show(t, ctx, 1280, "light")
	open(t, ctx, address)
	before := chromiumtest.Ask[[]int64](t, ctx, sums)
	if len(before) != 4 || slices.Min(before) < 127 {
		t.Fatalf("rows on the page: %v", before)
	}
	chromiumtest.Await(t, ctx, fmt.Sprintf(`window.sameLoad && Math.min(...%s) > %d`, sums, slices.Max(before)+70))
	chromiumtest.Await(t, ctx, `document.body.dataset.state === 'flowing' && document.querySelectorAll('.moving').length === 6`)
	chromiumtest.Await(t, ctx, `document.querySelectorAll('.spark .line')[3].getAttribute('d').length > 40`)
	if texts := chromiumtest.Ask[int](t, ctx, `document.querySelectorAll('.rowlist li:not(.none)').length`); texts != 12 {
		t.Errorf("%d last rows on the page, want 12", texts)
	}
	looks(t, ctx, "flowing")
	for _, w := range wrong() {
		t.Error(w)
	}
}

// looks checks what can be seen at two widths, in the light and in the dark.
func looks(t *testing.T, ctx context.Context, what string) {
	t.Helper()
	for _, width := range []int64{1280, 400} {
		for _, scheme := range []string{"light", "dark"} {
			name := fmt.Sprintf("%s-%s-%d", what, scheme, width)
			chromiumtest.Show(t, ctx, width, scheme)
			hidden := chromiumtest.Ask[[]string](t, ctx, chromiumtest.HiddenTitles)
			over := chromiumtest.Ask[[]string](t, ctx, chromiumtest.Overflowing)
			if strings.HasPrefix(what, "flowing") {
				hidden = slices.DeleteFunc(hidden, func(s string) bool { return s == "What is wrong" })
			}
			if len(hidden) > 0 || len(over) > 0 {
				t.Errorf("%s: can't be seen: %q; reaches beyond the window: %q", name, hidden, over)
			}
			keep(t, name+".png", chromiumtest.Screenshot(t, ctx))
		}
	}
}

func keep(t *testing.T, name string, shot []byte) {
	t.Helper()
	dir := filepath.Join("testdata", "screenshots")
	if !*update {
		dir = t.ArtifactDir()
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), shot, 0o644); err != nil {
		t.Fatal(err)
	}
}

const nasty = `<script>document.title='owned'</script><img src=x onerror="document.title='owned'"> `

// TestTroubleInBrowser: a component has died, a hop stands still, and a student's
// rows are anything but rows.
func TestTroubleInBrowser(t *testing.T) {
	f := newFake(2400)
	f.growBy(3)
	f.sample.Components[3] = Component{Name: "flink-taskmanager", Phase: "failed", Hint: "its full log is in flink-taskmanager.log",
		Error: "flink-taskmanager died: signal: killed\n" + strings.Repeat("INFO  a line of its log that is rather long, as they are\n", 15)}
	address, _ := served(t, shown(f))
	ctx, wrong := chromiumtest.Open(t, origin(t, address))
	chromiumtest.Show(t, ctx, 1280, "light")
	open(t, ctx, address)
	f.growBy(0)
	f.set(hop.Elasticsearch, func(r *Reading) {
		r.Problem = "the index " + nasty
		r.Last = []Row{{"_id " + nasty, nasty + strings.Repeat("endless", 60)}, {"", `{"` + strings.Repeat("key", 50) + `":{"a":[1,"<b>"]},"n":null}`}, {"", "[1,2]"}}
	})
	chromiumtest.Await(t, ctx, `document.body.dataset.state === 'trouble' && document.querySelectorAll('.wrong').length === 2`)
	chromiumtest.Await(t, ctx, `document.getElementById('problems').textContent.includes('died: signal: killed')`)
	chromiumtest.Await(t, ctx, `document.getElementById('rows-elasticsearch').textContent.includes('<img src=x')`)
	red := chromiumtest.Ask[string](t, ctx, `getComputedStyle(document.querySelector('#at-flink .box')).borderTopColor`)
	fine := chromiumtest.Ask[string](t, ctx, `getComputedStyle(document.querySelector('#at-kafka .box')).borderTopColor`)
	if red != "rgb(163, 32, 58)" || fine == red {
		t.Errorf("the failing hop is %s, a good one %s", red, fine)
	}
	if title := chromiumtest.Ask[string](t, ctx, `document.title`); title != "hoplab: run lab, stack classic" {
		t.Errorf("title = %q", title)
	}
	if made := chromiumtest.Ask[int](t, ctx, `document.querySelectorAll('main img, main script').length`); made != 0 {
		t.Errorf("a row has made %d elements", made)
	}
	looks(t, ctx, "trouble")
	for _, w := range wrong() {
		t.Error(w)
	}
}
