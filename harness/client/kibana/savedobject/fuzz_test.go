package savedobject

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hoplab.example/dashboards"
)

// FuzzRead: the reader never panics; what it reads makes a query, and reads the
// same once it was retargeted.
func FuzzRead(f *testing.F) {
	f.Add(string(dashboards.Kibana7))
	f.Add(good())
	f.Add(lines(viewLine, chartLine(controlState, noFilters), dashboardLine(onePlace, noFilters)))
	f.Add(strings.ReplaceAll(good(), `interval\":\"10s`, `interval\":\"auto`))
	f.Add("{\"exportedCount\":0}\nnull\n[]\n{\"id\":\"a\",\"type\":\"dashboard\",\"attributes\":null}")
	f.Fuzz(func(t *testing.T, text string) {
		charts, controls, err := readAll(text)
		if err != nil {
			if charts != nil || controls != nil {
				t.Error("panels and an error")
			}
			return
		}
		for _, p := range slices.Concat(charts, controls) {
			body, err := Query(p)
			if err == nil {
				_, err = json.Marshal(body)
			}
			if err != nil {
				t.Errorf("%s: %v", p, err)
			}
			same, err := Target{From: p.View.Index, Index: p.View.Index}.Apply("d.ndjson", []byte(text))
			if err != nil {
				t.Fatal(err)
			}
			again, _, err := readAll(string(same))
			if err != nil || len(again) != len(charts) {
				t.Fatalf("%d charts, then %d: %v", len(charts), len(again), err)
			}
		}
	})
}

// FuzzKQL: the query reader never panics, and ends.
func FuzzKQL(f *testing.F) {
	for _, text := range []string{`action : ("A" or "B") and x : 1`, `"`, `a:"\`, "((", "a:\"\"and", "not x > 1 or a:(not b)", `\and`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		terms, err := parseKQL(text)
		for _, term := range terms {
			if kinds := len(term.Any) + len(term.All); err == nil && (term.Field == "") != (kinds > 0) && !strings.Contains(text, `""`) {
				t.Errorf("%q: %+v", text, terms)
			}
		}
	})
}
