package watch

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/util/chromiumtest"
	"hoplab.example/harness/verify/hop"
)

const bench = "# Lab 3: a table\n\nSee [lab 2](../02-bridge/README.md) and [Kafka](https://kafka.apache.org).\n\n" +
	"```mermaid\nflowchart LR\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>document.title='owned'</script>\n\n```sql id=x\nSELECT 1;\n```\n"

// TestLabPage: links to files of the lab, pictures and scripts are left out.
func TestLabPage(t *testing.T) {
	got, err := labPage([]byte(bench))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>Lab 3: a table</h1>", "See lab 2 and", `<a href="https://kafka.apache.org">Kafka</a>`, "<td>1</td>", "SELECT 1;"} {
		if !strings.Contains(string(got), want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if strings.Contains(string(got), "<script") || strings.Contains(string(got), "flowchart") || strings.Contains(string(got), "README") {
		t.Errorf("it has too much:\n%s", got)
	}
}

// TestWorkbenchInBrowser: a failed check shows its cause and hint, and then passes, without
// a reload.
func TestWorkbenchInBrowser(t *testing.T) {
	f := newFake(9600)
	f.set(hop.Elasticsearch, func(r *Reading) { r.Rows, r.Passed = 9000, 9000 })
	var now atomic.Pointer[Work]
	checks := []WorkCheck{{Title: "tables.sql is filled in", Outcome: "passed", Points: 1, Max: 1},
		{Title: "The columns fit", Outcome: "failed", Max: 2, Reason: "column x is cut " + nasty + strings.Repeat("x", 300), Expected: "-9.93", Actual: "-9"}}
	now.Store(&Work{Points: 1, Most: 12, Checks: checks, Skipped: 3, Hint: "Which values have a fraction?", Next: "'lab hint 3' helps"})
	c := shown(f)
	c.Page, c.Work = []byte(bench), func() (Work, error) { return *now.Load(), nil }
	address, _ := served(t, c)
	ctx, wrong := chromiumtest.Open(t, origin(t, address))
	chromiumtest.Show(t, ctx, 1280, "light")
	open(t, ctx, address)
	chromiumtest.Await(t, ctx, `document.getElementById('cause').textContent.includes('Which values have a fraction?')`)
	text := chromiumtest.Ask[string](t, ctx, `document.getElementById('work').innerText`)
	for _, want := range []string{"1 of 12 points", "The columns fit", "<script>", "3 skipped", "-9.93", "'lab hint 3' helps"} {
		if !strings.Contains(text, want) {
			t.Errorf("the checks lack %q:\n%s", want, text)
		}
	}
	if note := chromiumtest.Ask[string](t, ctx, `document.querySelector('#at-elasticsearch .note').textContent`); !strings.Contains(note, "600 behind Kafka") {
		t.Errorf("note %q", note)
	}
	looks(t, ctx, "flowing-bench")
	chromiumtest.Show(t, ctx, 900, "light") // beside an editor the picture stays low
	if high := chromiumtest.Ask[float64](t, ctx, `document.querySelector('.flow').getBoundingClientRect().height`); high > 260 {
		t.Errorf("the picture is %v pixels high", high)
	}
	if over := chromiumtest.Ask[[]string](t, ctx, chromiumtest.Overflowing); len(over) > 0 {
		t.Errorf("at 900 pixels reaches beyond the window: %q", over)
	}
	now.Store(&Work{Points: 3, Most: 12, Now: "The table has each row", Checks: []WorkCheck{checks[0], {Title: "The columns fit", Outcome: "passed", Points: 2, Max: 2}}})
	chromiumtest.Await(t, ctx, `window.sameLoad && document.querySelectorAll('#checks .passed').length === 2 && document.getElementById('cause').textContent === '' &&
		document.getElementById('checks').textContent.includes('now: The table')`)
	if made := chromiumtest.Ask[int](t, ctx, `document.querySelectorAll('main img, main script').length`); made != 0 || chromiumtest.Ask[string](t, ctx, `document.title`) == "owned" {
		t.Errorf("a page or a reason has made %d elements", made)
	}
	for _, w := range wrong() {
		t.Error(w)
	}
}

// TestFollowing: another name gets another source, and the one before is closed.
func TestFollowing(t *testing.T) {
	var names pipeline.Names
	var made []*fake
	s := Following(func() pipeline.Names { return names }, func(pipeline.Names) Source { made = append(made, newFake(1)); return made[len(made)-1] })
	s.Close()
	for _, topic := range []string{"a", "a", "b", "b"} {
		names.Topic = topic
		s.Read(context.Background())
	}
	s.Close()
	if len(made) != 2 || made[0].looks != 2 || made[0].closed != 1 || made[1].looks != 2 || made[1].closed != 1 {
		t.Errorf("made %+v", made)
	}
}
