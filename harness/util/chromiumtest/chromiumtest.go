// Package chromiumtest opens pages in a real headless Chromium that reaches
// nothing but this machine, for tests, and collects errors on them.
package chromiumtest

import (
	"context"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"hoplab.example/harness/util/need"
)

// Limits are for machines that are busy.
const (
	limit      = 4 * time.Minute
	awaitLimit = 30 * time.Second
)

// Open returns the context of a browser's tab, and a function that says what
// has gone wrong on its pages. Pages may ask for files and for what begins with
// one of allowed; any other request is reported as wrong. Without a Chromium the
// test is skipped.
func Open(t *testing.T, allowed ...string) (context.Context, func() []string) {
	t.Helper()
	path := need.Chromium.Program(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"), chromedp.ProxyServer("127.0.0.1:1"))

	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	ctx, cancelAllocator := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancelAllocator)
	heard := &complaints{allowed: append(allowed, "file://", "data:")}
	ctx, cancelTab := chromedp.NewContext(ctx, chromedp.WithListener(heard.hear))
	t.Cleanup(cancelTab)
	if err := chromedp.Do(ctx, Call(network.Enable, network.EnableParams{}), Call(log.Enable, cdp.Empty{})); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx, heard.all
}

// Call makes an action of a command of the protocol.
func Call[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// Ask evaluates a script on the page.
func Ask[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Await asks until the script is true on the page, and fails the test after half
// a minute.
func Await(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	for began := time.Now(); !Ask[bool](t, ctx, script); time.Sleep(50 * time.Millisecond) {
		if time.Since(began) > awaitLimit {
			t.Fatalf("not within %v: %s\nthe page says:\n%s", awaitLimit, script, Ask[string](t, ctx, `document.body.innerText`))
		}
	}
}

// Show sets the window's width in pixels and its colour scheme, light or dark.
func Show(t *testing.T, ctx context.Context, width int64, scheme string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 900), Call(emulation.SetEmulatedMedia, media)); err != nil {
		t.Fatal(err)
	}
}

// Screenshot returns a picture of the whole page, as PNG.
func Screenshot(t *testing.T, ctx context.Context) []byte {
	t.Helper()
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	return shot
}

// Scripts for Ask: HiddenTitles returns the headings that can't be seen, and
// Overflowing the elements that reach beyond the window.
const (
	HiddenTitles = `[...document.querySelectorAll('h1,h2')].filter(e => {
		const r = e.getBoundingClientRect();
		return !e.checkVisibility({opacityProperty:true, visibilityProperty:true}) || r.width < 20 || r.height < 10 || r.right > innerWidth
	}).map(e => e.textContent)`
	Overflowing = `(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page'] : []).concat(
		[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
		.map(e => e.tagName + ' ' + e.textContent.slice(0, 40)))`
)
