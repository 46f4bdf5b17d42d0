package chromiumtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestBrowserSeesWhatIsWrong: a page that does each thing that isn't allowed.
func TestBrowserSeesWhatIsWrong(t *testing.T) {
	ctx, wrong := Open(t)
	path := filepath.Join(t.TempDir(), "bad.html")
	text := `<!DOCTYPE html><title>bad</title><h2 style="display:none">Hidden</h2><div style="width:3000px">wide</div>
		<img src="https://example.invalid/x.png"><script>console.error("oh"); null.x</script>`
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+path)); err != nil {
		t.Fatal(err)
	}
	hidden, over := Ask[[]string](t, ctx, HiddenTitles), Ask[[]string](t, ctx, Overflowing)
	said := strings.Join(wrong(), "\n")
	for _, want := range []string{"it asks for https://example.invalid", "a request failed", "exception", "console.error"} {
		if !strings.Contains(said, want) {
			t.Errorf("no %q in:\n%s", want, said)
		}
	}
	if len(hidden) != 1 || len(over) < 2 {
		t.Errorf("hidden %q, beyond the window %q", hidden, over)
	}
}
