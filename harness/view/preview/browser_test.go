package preview

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/chromiumtest"
)

// Scripts that look at the page.
const (
	titles    = `[...document.querySelectorAll('h2')].map(e => e.textContent)`
	drawings  = `[...document.querySelectorAll('article')].map(e => [...e.querySelectorAll('svg,.stats')].filter(s => s.checkVisibility()).length)`
	openTable = `document.querySelector('details').open = true`
)

// TestPageInBrowser loads the page in a real Chromium, at two widths, in the
// light and in the dark. -update keeps the screenshots in testdata/screenshots
// to be looked at; they aren't compared, as fonts differ between machines.
func TestPageInBrowser(t *testing.T) {
	list := append(drawn(t), nasty(), many(5000, panel.DateHistogram), made(panel.Histogram, 1))
	list[6].Panel.Title, list[8].Panel.Title = strings.Repeat("endless", 40), "Empty"
	list[8].Panel.Range = list[0].Panel.Range
	path := filepath.Join(t.TempDir(), "page.html")
	writePage(t, path, list)
	ctx, wrong := chromiumtest.Open(t)
	for _, width := range []int64{1280, 400} {
		for _, scheme := range []string{"light", "dark"} {
			name := fmt.Sprintf("%s-%d", scheme, width)
			t.Run(name, func(t *testing.T) {
				shot := look(t, ctx, path, width, scheme, len(list))
				colourful(t, shot, int(width), 1000)
				keep(t, name+".png", shot)
			})
		}
	}
	for _, w := range wrong() {
		t.Error(w)
	}
}

func writePage(t *testing.T, path string, list []Drawn) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := HTML(file, []Dashboard{board(list)}); err != nil {
		t.Fatal(err)
	}
}

// look checks what can be seen, and returns a picture of it.
func look(t *testing.T, ctx context.Context, path string, width int64, scheme string, panels int) []byte {
	t.Helper()
	chromiumtest.Show(t, ctx, width, scheme)
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+path)); err != nil {
		t.Fatal(err)
	}
	chromiumtest.Ask[bool](t, ctx, openTable)
	hidden, over := chromiumtest.Ask[[]string](t, ctx, chromiumtest.HiddenTitles), chromiumtest.Ask[[]string](t, ctx, chromiumtest.Overflowing)
	seen, drawn := chromiumtest.Ask[[]string](t, ctx, titles), chromiumtest.Ask[[]int](t, ctx, drawings)
	if len(hidden) > 0 || len(over) > 0 {
		t.Errorf("can't be seen: %q; reaches beyond the window: %q", hidden, over)
	}
	if len(seen) != panels || seen[0] != "Mean acceleration over time" {
		t.Errorf("titles: %q", seen)
	}
	for i, n := range drawn {
		if n != 1 {
			t.Errorf("panel %d shows %d drawings", i, n)
		}
	}
	return chromiumtest.Screenshot(t, ctx)
}

func keep(t *testing.T, name string, shot []byte) {
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
