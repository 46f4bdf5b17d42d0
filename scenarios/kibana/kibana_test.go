// Package kibana is the fifth lab step with Kibana: the shipped dashboard shows what
// the rows say. Its searches are sent to Elasticsearch as Kibana would send them, so
// everything but the import runs without a Kibana.
package kibana

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/dashboards"
	"hoplab.example/harness/client/kibana"
	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/cleanup"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/endtoend"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// TestDashboard sends rows through the whole pipeline, and checks every panel.
func TestDashboard(t *testing.T) {
	p := scenario.Need(t, append(scenario.Core, "mosquitto")...).Pipeline()
	input, oracle := scenario.Rows(t, 1, 3000)
	results, err := endtoend.Run(t.Context(), p, endtoend.Flow{Input: input, Oracle: oracle, Base: wisdm.DefaultBase, QoS: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		scenario.Passed(t, r)
	}
	scenario.Passed(t, dashboard.CheckKibana(t.Context(), p, oracle))
}

// TestOtherBase: with rows at another time, the dashboard moves with them.
func TestOtherBase(t *testing.T) {
	p := need(t)
	base := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	oracle, err := wisdm.ReadOracle(wisdm.Generator{Seed: 4, Rows: 500}, base, 0)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, p, oracle.Rows(), isoTime)
	scenario.Passed(t, dashboard.CheckKibana(t.Context(), p, oracle))
	file, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	scenario.Fails(t, dashboard.CheckKibanaFile(t.Context(), p, file, text, oracle), "no data: the dashboard shows 2023-11-14T22:13:00.000Z to 2023-11-14T22:18:00.000Z, and the rows are from 2031-05-06T07:08:09.000Z")
}

// breakage is one fault: in the dashboard, whose text has old replaced by new, or in
// the index.
type breakage struct {
	name, old, new string
	put            func(*testing.T, pipeline.Pipeline, []wisdm.Row)
	want           string
}

var breakages = []breakage{
	{name: "unknown field", old: `\"field\":\"z\"`, new: `\"field\":\"zz\"`,
		want: `panel "Averages of x, y and z" (hoplab-averages-INDEX): field "zz" (avg) isn't in the mapping of index INDEX`},
	{name: "unknown field of a filter", old: `\"fieldName\":\"action\"`, new: `\"fieldName\":\"activity\"`,
		want: `panel "Filters: Activity" (hoplab-filters-INDEX[0]): field "activity" (terms) isn't in the mapping`},
	{name: "a field that isn't a number", old: `\"field\":\"y\",\"percents\"`, new: `\"field\":\"device\",\"percents\"`,
		want: `field "device" (percentiles) is mapped as keyword, want a number`},
	{name: "wrong index", old: `"title":"INDEX"`, new: `"title":"smart"`,
		want: `data view hoplab-datuak-INDEX shows index "smart", the rows are in "INDEX"`},
	{name: "no time field", old: `"timeFieldName":"@timestamp",`, new: ``, want: "data view hoplab-datuak-INDEX has no time field"},
	{name: "another field for the time", old: `"timeFieldName":"@timestamp"`, new: `"timeFieldName":"ts"`,
		want: `field "ts" (time field) is mapped as long, want date`},
	{name: "elsewhere in time", old: "2023-11-14T", new: "2023-11-15T",
		want: "no data: the dashboard shows 2023-11-15T22:13:00.000Z to 2023-11-15T22:18:00.000Z, and the rows are from 2023-11-14T22:13:20.000Z to 2023-11-14T22:13:2"},
	{name: "too short a time", old: "2023-11-14T22:13:00.000Z", new: "2023-11-14T22:13:20.050Z", want: "rows are outside the time that it shows"},
	{name: "a time that is text", put: withoutTemplate, want: `field "@timestamp" (time field) is mapped as text, want date`},
	{name: "a lost document", put: func(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row) { fill(t, p, rows[1:], isoTime) },
		want: `panel "Averages of x, y and z" (hoplab-averages-INDEX): 499 rows, want 500`},
	{name: "a changed document", put: withPeak, want: `panel "Maxima of x, y and z" (hoplab-maxima-INDEX): max of x is 99.5, want `},
	{name: "another activity", put: withOtherActivity, want: `bucket Z: has 1 rows, want none`},
	{name: "an empty index", put: empty, want: "no data: the index has nothing to show from 2023-11-14T22:13:00.000Z"},
	{name: "no index", put: func(*testing.T, pipeline.Pipeline, []wisdm.Row) {}, want: `there is no index "INDEX" to draw from`},
}

// TestCheckCanFail breaks the dashboard, the mapping or the data, one at a time.
func TestCheckCanFail(t *testing.T) {
	_, oracle := scenario.Rows(t, 5, 500)
	for _, b := range breakages {
		t.Run(b.name, func(t *testing.T) {
			p := need(t)
			if b.put == nil {
				b.put = func(t *testing.T, p pipeline.Pipeline, rows []wisdm.Row) { fill(t, p, rows, isoTime) }
			}
			b.put(t, p, oracle.Rows())
			own := strings.NewReplacer("INDEX", p.Names.Index)
			scenario.Fails(t, check(t, p, oracle, own.Replace(b.old), own.Replace(b.new)), own.Replace(b.want))
		})
	}
}

// TestUnbroken: what TestCheckCanFail breaks passes unchanged.
func TestUnbroken(t *testing.T) {
	_, oracle := scenario.Rows(t, 5, 500)
	p := need(t)
	fill(t, p, oracle.Rows(), isoTime)
	scenario.Passed(t, check(t, p, oracle, "", ""))
}

// TestFilteredPanels: a query or a filter excludes the same rows in Elasticsearch and
// in the expectation.
func TestFilteredPanels(t *testing.T) {
	_, oracle := scenario.Rows(t, 6, 800)
	p := need(t)
	fill(t, p, oracle.Rows(), isoTime)
	const none = `{\"filter\":[],\"query\":{\"language\":\"kuery\",\"query\":\"\"}}`
	queries := []string{
		`action : (\"A\" or B) and sensor : accel`, `not action : A`, `x > 1 and x <= 5.5`, `not (action : A or sensor : gyro)`,
		`action : A or usid : 1600`, `action : (not A)`, `action : *`, `1600`, `gyro`, `\"accel\" and not A`, `not 2023`,
		`@timestamp < \"2023-11-14T22:13:21\"`, `@timestamp >= \"2023-11-14\"`, `action > \"C\" and action <= \"F\"`, `usid : 1600.0`,
	}
	filters := []string{
		`{"meta":{"type":"phrases","key":"usid","params":[1600]},"query":{"bool":{"should":[{"match_phrase":{"usid":1600}}],"minimum_should_match":1}}}`,
		`{"meta":{"type":"phrase","key":"action","negate":true,"params":{"query":"A"}},"query":{"match_phrase":{"action":"A"}}}`,
		`{"meta":{"type":"exists","key":"action","value":"exists"},"exists":{"field":"action"}}`,
		`{"meta":{"type":"range","key":"y","params":{"gte":0,"lt":"5"}},"range":{"y":{"gte":"0","lt":5}}}`,
	}
	for _, q := range queries {
		some := strings.Replace(none, `\"query\":\"\"`, `\"query\":\"`+escape(q)+`\"`, 1)
		if r := check(t, p, oracle, none, some); r.Outcome != hop.Passed {
			t.Errorf("%s: %s\n%s", q, r.Outcome, r.Detail)
		}
	}
	for _, f := range filters {
		some := strings.Replace(none, `[]`, `[`+escape(f)+`]`, 1)
		if r := check(t, p, oracle, none, some); r.Outcome != hop.Passed {
			t.Errorf("%s: %s\n%s", f, r.Outcome, r.Detail)
		}
	}
}

// escape writes a text as it is within a JSON text.
func escape(text string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) }

// TestTerms: an order by a metric, and a calendar's week in place of ten seconds.
func TestTerms(t *testing.T) {
	_, oracle := scenario.Rows(t, 9, 800)
	p := need(t)
	fill(t, p, oracle.Rows(), isoTime)
	const byKey, count = `\"order\":\"asc\",\"orderBy\":\"_key\",\"size\":20`, `\"id\":\"1\",\"params\":{},\"schema\":\"metric\",\"type\":\"count\"`
	for _, kind := range []string{"avg", "max", "sum", "cardinality"} {
		_, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
		if err != nil || !strings.Contains(string(text), byKey) || !strings.Contains(string(text), count) {
			t.Fatal("the dashboard has no terms, or no count", err)
		}
		own := strings.NewReplacer(byKey, `\"order\":\"desc\",\"orderBy\":\"1\",\"size\":4,\"otherBucket\":true`,
			count, `\"id\":\"1\",\"params\":{\"field\":\"x\"},\"schema\":\"metric\",\"type\":\"`+kind+`\"`).Replace(string(text))
		scenario.Passed(t, dashboard.CheckKibanaFile(t.Context(), p, "d.ndjson", []byte(own), oracle))
	}
	for _, interval := range []string{"w", "1M", "y", "7d", "auto"} {
		scenario.Passed(t, check(t, p, oracle, `\"interval\":\"1s\"`, `\"interval\":\"`+interval+`\"`))
	}
	scenario.Passed(t, check(t, p, oracle, `"timeFrom":"2023-11-14T22:13:00.000Z"`, `"timeFrom":"now-10y"`))
}

// TestFineHistogram: Kibana lengthens an interval that would give more than 100 bars.
func TestFineHistogram(t *testing.T) {
	_, oracle := scenario.Rows(t, 7, 800)
	p := need(t)
	fill(t, p, oracle.Rows(), isoTime)
	for _, interval := range []string{`0.01`, `\"auto\"`} {
		scenario.Passed(t, check(t, p, oracle, `\"field\":\"y\",\"interval\":1}`, `\"field\":\"y\",\"interval\":`+interval+`}`))
	}
}

// TestImport imports the dashboard into a Kibana, and reads it back. A stand-in shows how
// its container is set up, and nothing about Kibana; the test's name says which it was.
func TestImport(t *testing.T) {
	s := scenario.NeedImage(t, "kibana", "elasticsearch")
	t.Run(testenv.Kind(t, "kibana"), func(t *testing.T) { imports(t, s.Pipeline()) })
}

func imports(t *testing.T, p pipeline.Pipeline) {
	_, oracle := scenario.Rows(t, 7, 500)
	fill(t, p, oracle.Rows(), isoTime)
	t.Cleanup(func() { remove(t, p) })
	scenario.Passed(t, dashboard.CheckInKibana(t.Context(), p, oracle))
	if _, err := dashboard.ImportKibana(t.Context(), p, oracle); err != nil {
		t.Fatal(err)
	}
	imported, err := dashboard.Kibana(p).Get(t.Context(), kibana.Ref{Type: "dashboard", ID: "hoplab-rows-" + p.Names.Index})
	major := dashboard.KibanaMajor(t.Context(), p)
	want := map[bool]int{false: 7, true: 8}[major >= 9] // 8's form has two controls in place of their panel
	if err != nil || len(imported.References) != want {
		t.Errorf("the dashboard has %d references, %v; want %d", len(imported.References), err, want)
	}
	if major > 8 {
		return // since 8.8 an object has the version of its type's model, which is none of Kibana's
	}
	newer := strings.ReplaceAll(string(dashboards.Kibana7), `"7.17.`, `"99.0.`)
	if _, err := dashboard.Kibana(p).Import(t.Context(), "newer.ndjson", []byte(newer)); err == nil {
		t.Error("Kibana takes a file of a newer one, want an error")
	}
	reader := panels.Reader{Major: major}
	if _, _, err := reader.Read("newer.ndjson", []byte(newer)); err == nil || !strings.Contains(err.Error(), "of newer versions") {
		t.Errorf("the reader says %v of it", err)
	}
}

// remove removes what the test has created, and checks that it is gone.
func remove(t *testing.T, p pipeline.Pipeline) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := cleanup.Remove(ctx, p); err != nil {
		t.Error(err)
	}
	_, text, err := dashboard.KibanaObjects(p, panel.Range{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range kibana.Refs(text) {
		if _, err := dashboard.Kibana(p).Get(ctx, r); !errors.Is(err, kibana.ErrNotFound) {
			t.Errorf("%s is still there: %v", r, err)
		}
	}
}
