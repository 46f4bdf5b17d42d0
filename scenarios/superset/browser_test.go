package superset

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	shipped "hoplab.example/dashboards/superset"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/util/chromiumtest"
	"hoplab.example/harness/util/need"
)

var picture = flag.String("picture", "", "write a picture of the dashboard, a PNG, to this file")

// TestInABrowser opens the dashboard as a person does, and reads what it draws.
func TestInABrowser(t *testing.T) {
	need.Chromium.Program(t, "chromium")
	p, oracle := filled(t, 4, 6000)
	scenario.Passed(t, dashboard.CheckInSuperset(t.Context(), p, oracle))
	base := "http://" + p.Sites.Addr("superset", "http")
	ctx, wrong := chromiumtest.Open(t, base, "https://apachesuperset.gateway.scarf.sh/")
	chromiumtest.Show(t, ctx, 1366, "light")
	login := p.Access["superset"]
	if err := chromedp.Do(ctx, chromedp.Navigate(base+"/login/"),
		chromedp.SendKeys("#username", login.User), chromedp.SendKeys("#password", login.Password.Reveal()+"\r")); err != nil {
		t.Fatal(err)
	}
	chromiumtest.Await(t, ctx, `!location.pathname.startsWith("/login")`)
	if err := chromedp.Do(ctx, chromedp.Navigate(base+"/superset/dashboard/"+shipped.Slug+"/?standalone=2")); err != nil {
		t.Fatal(err)
	}
	chromiumtest.Await(t, ctx, settled)
	text := chromiumtest.Ask[string](t, ctx, `document.body.innerText`)
	for _, want := range drawn(oracle) {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q; it has:\n%s", want, text)
		}
	}
	if *picture != "" {
		if err := os.WriteFile(*picture, chromiumtest.Screenshot(t, ctx), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, said := range wrong() {
		if !blocked.MatchString(said) {
			t.Error(said)
		}
	}
}

// blocked is what a browser says of the one picture that Superset's pages ask for from
// elsewhere, and that hoplab's settings have it not load. Where it tries to, it fails
// with another error, since this browser reaches no other machine. ERR_NETWORK_CHANGED is
// of the machine: a container that starts or ends meanwhile changes its network. What the
// page then lacked would be missing from its text.
var blocked = regexp.MustCompile(`Content Security Policy|ERR_BLOCKED_BY_CSP|ERR_NETWORK_CHANGED|^a request failed: $`)

// settled holds once the charts have been drawn, and no longer move.
const settled = `(() => {
	const now = [...document.querySelectorAll("canvas")].map(c => c.toDataURL()).join();
	const same = now === window.drawnBefore;
	window.drawnBefore = now;
	return same && document.querySelectorAll("table tbody tr").length > 20 && document.querySelectorAll("canvas").length >= 2;
})()`

// drawn returns what the tables and the large number must show.
func drawn(oracle *wisdm.Oracle) []string {
	texts := []string{fmt.Sprintf("%d,%03d", oracle.Count()/1000, oracle.Count()%1000)}
	groups := oracle.Group(wisdm.ByActivity)
	for line := range strings.Lines(shipped.Activities) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), ",")
		texts = append(texts, fmt.Sprintf("%s\t\n%d\t\n", name, groups[code].Count))
	}
	return texts
}
