package savedobject

import (
	"reflect"
	"strings"
	"testing"

	"hoplab.example/harness/client/panel"
)

// The parts of a Lens visualization, as Kibana 8 writes them; 7.17's data source is
// called indexpattern, and its count is of the field Records.
const (
	lensTime  = `"t":{"label":"@timestamp","dataType":"date","operationType":"date_histogram","sourceField":"@timestamp","isBucketed":true,"scale":"interval","params":{"interval":"auto","includeEmptyRows":true,"dropPartials":false}}`
	lensTerms = `"k":{"label":"Top 5 values of action","dataType":"string","operationType":"terms","scale":"ordinal","sourceField":"action","isBucketed":true,"params":{"size":5,"orderBy":{"type":"column","columnId":"m"},"orderDirection":"desc","otherBucket":true,"missingBucket":false,"parentFormat":{"id":"terms"},"include":[],"exclude":[],"includeIsRegex":false,"excludeIsRegex":false}}`
	lensY     = `"y":{"label":"y","dataType":"number","operationType":"range","sourceField":"y","isBucketed":true,"scale":"interval","params":{"includeEmptyRows":true,"type":"histogram","ranges":[{"from":0,"to":1000,"label":""}],"maxBars":"auto"}}`
	lensMean  = `"m":{"label":"mean x","customLabel":true,"dataType":"number","operationType":"average","sourceField":"x","isBucketed":false,"scale":"ratio","params":{"emptyAsNull":true}}`
	lensCount = `"n":{"label":"Count of records","dataType":"number","operationType":"count","isBucketed":false,"scale":"ratio","sourceField":"___records___","params":{"emptyAsNull":true}}`
	lensP2    = `"p":{"label":"2nd percentile of x","dataType":"number","operationType":"percentile","sourceField":"x","isBucketed":false,"scale":"ratio","params":{"percentile":2}}`
	lensMed   = `"d":{"label":"Median of x","dataType":"number","operationType":"median","sourceField":"x","isBucketed":false,"scale":"ratio"}`

	xySeries = `{"legend":{"isVisible":true,"position":"right"},"preferredSeriesType":"line","layers":[{"layerId":"l1","accessors":["m"],"layerType":"data","seriesType":"line","xAccessor":"t","splitAccessor":"k"}]}`
)

func lensAttributes(kind, visualization, order string, columns ...string) string {
	return `{"title":"Mine","description":"","visualizationType":"` + kind + `","type":"lens","references":[{"type":"index-pattern","id":"v","name":"indexpattern-datasource-layer-l1"}],"state":{"visualization":` + visualization +
		`,"query":{"query":"sensor : accel","language":"kuery"},"filters":[],"datasourceStates":{"formBased":{"layers":{"l1":{"columns":{` + strings.Join(columns, ",") +
		`},"columnOrder":[` + order + `],"incompleteColumns":{},"sampling":1}}},"textBased":{"layers":{}}},"internalReferences":[],"adHocDataViews":{}}}`
}

func lensByValue(attributes string) string {
	place := `[{"type":"lens","gridData":{"x":0,"y":0,"w":24,"h":15,"i":"pl"},"panelIndex":"pl","embeddableConfig":{"attributes":` + attributes + `,"enhancements":{},"hidePanelTitles":false},"title":"Own"}]`
	return lines(viewLine, strings.Replace(dashboardLine(place, noFilters), `{"id":"c","name":"p1:panel_p1","type":"visualization"},`, "", 1))
}

func TestLens(t *testing.T) {
	accel := []panel.Term{{Field: "sensor", Values: []string{"accel"}}}
	mean := panel.Metric{ID: "1", Of: panel.Avg, Field: "x", Label: "mean x"}
	metric := func(accessor string) string { return `{"layerId":"l1","layerType":"data","` + accessor + `":"m"}` }
	table := `{"layerId":"l1","layerType":"data","columns":[{"columnId":"k"},{"columnId":"m","alignment":"left"}]}`
	for name, c := range map[string]struct {
		attributes string
		want       panel.Panel
	}{
		"metric": {lensAttributes("lnsMetric", metric("metricAccessor"), `"m","n","p","d"`, lensMean, lensCount, lensP2, lensMed), panel.Panel{Kind: panel.Stat, Metrics: []panel.Metric{
			{ID: "0", Of: panel.Avg, Field: "x", Label: "mean x"}, {ID: "1", Of: panel.Count}, {ID: "2", Of: panel.Percentile, Field: "x", Percent: 2}, {ID: "3", Of: panel.Percentile, Field: "x", Percent: 50}}}},
		"7.17's metric": {strings.NewReplacer("formBased", "indexpattern", "___records___", "Records").Replace(lensAttributes("lnsMetric", metric("accessor"), `"n"`, lensCount)),
			panel.Panel{Kind: panel.Stat, Metrics: []panel.Metric{{ID: "0", Of: panel.Count}}}},
		"line": {lensAttributes("lnsXY", xySeries, `"k","t","m"`, lensTerms, lensTime, lensMean), panel.Panel{Kind: panel.Line,
			Buckets: []panel.Bucket{{ID: "0", By: panel.Terms, Field: "action", Size: 5, ByMetric: "2"}, {ID: "1", By: panel.DateHistogram, Field: "@timestamp", Interval: 10_000}},
			Metrics: []panel.Metric{{ID: "2", Of: panel.Avg, Field: "x", Label: "mean x"}}}},
		"bar": {lensAttributes("lnsXY", strings.ReplaceAll(xySeries, `"line"`, `"bar_stacked"`), `"y","m"`, lensY, lensMean), panel.Panel{Kind: panel.Bar,
			Buckets: []panel.Bucket{{ID: "0", By: panel.Histogram, Field: "y", Fit: panel.Fit{Auto: true, Bars: 49.5}}}, Metrics: []panel.Metric{mean}}},
		"table": {lensAttributes("lnsDatatable", table, `"k","n"`, strings.ReplaceAll(lensTerms, `"columnId":"m"`, `"columnId":"n"`), lensCount), panel.Panel{Kind: panel.Bar,
			Buckets: []panel.Bucket{{ID: "0", By: panel.Terms, Field: "action", Size: 5}}, Metrics: []panel.Metric{{ID: "1", Of: panel.Count}}}},
	} {
		charts, _, err := Reader{Now: now, Major: 8}.Read("d.ndjson", []byte(lensByValue(c.attributes)))
		if err != nil || len(charts) != 1 {
			t.Errorf("%s: %d charts, %v", name, len(charts), err)
			continue
		}
		got := charts[0]
		if got.ID != "pl" || got.Title != "Own" || got.View.Index != "datuak" || !reflect.DeepEqual(got.Filter, accel) ||
			got.Kind != c.want.Kind || !reflect.DeepEqual(got.Buckets, c.want.Buckets) || !reflect.DeepEqual(got.Metrics, c.want.Metrics) {
			t.Errorf("%s: got %+v\nwant %+v", name, got, c.want)
		}
	}
}

// TestLensByReference: a saved Lens visualization is an object of its own.
func TestLensByReference(t *testing.T) {
	attributes := lensAttributes("lnsXY", xySeries, `"t","m"`, lensTime, lensMean)
	object := `{"id":"c","type":"lens","attributes":` + attributes + `,"references":[{"id":"v","name":"indexpattern-datasource-layer-l1","type":"index-pattern"}],"typeMigrationVersion":"8.9.0","managed":false,"created_at":"2024-01-01T00:00:00.000Z"}`
	place := strings.Replace(onePlace, `"type":"visualization"`, `"type":"lens"`, 1)
	text := lines(viewLine, object, strings.Replace(dashboardLine(place, noFilters), `"type":"visualization"}`, `"type":"lens"}`, 1))
	charts, _, err := Reader{Now: now, Major: 8}.Read("d.ndjson", []byte(text))
	if err != nil || len(charts) != 1 || charts[0].ID != "c" || charts[0].Title != "Mine" || len(charts[0].Buckets) != 1 {
		t.Errorf("got %+v, %v", charts, err)
	}
	newer := strings.NewReplacer(`,\"panelRefName\":\"panel_p1\"`, "", `"p1:panel_p1"`, `"p1:savedObjectRef"`).Replace(text)
	again, _, err := Reader{Now: now, Major: 9}.Read("d.ndjson", []byte(newer))
	if err != nil || newer == text || !reflect.DeepEqual(again, charts) {
		t.Errorf("as newer versions of 9 refer to it: got %+v, %v", again, err)
	}
}

// TestLensFails: what isn't understood is one sentence that names the panel.
func TestLensFails(t *testing.T) {
	good := lensByValue(lensAttributes("lnsXY", xySeries, `"k","t","m"`, lensTerms, lensTime, lensMean))
	for name, c := range map[string]struct{ old, new, want string }{
		"nothing":      {`"visualization":{`, `"visualization":{"layers":[]},"old":{`, "it has no layer"},
		"another type": {"lnsXY", "lnsChoropleth", `it is of type "lnsChoropleth", want one of [lnsDatatable`},
		"a formula":    {`"operationType":"average"`, `"operationType":"formula"`, `column "mean x" (formula): this function isn't understood`},
		"ES|QL": {`"formBased":{"layers":{`, `"textBased":{"layers":{"l1":{"index":"e","query":{"esql":"FROM datuak"},"columns":[{"columnId":"a"}]}}},"formBased":{"layers":{},"before":{`,
			`layer "l1" shows no field of a data view, but a query in ES|QL or nothing`},
		"a filter":       {`"sourceField":"x"`, `"sourceField":"x","filter":{"query":"action : A","language":"kuery"}`, `a filter of its own, "action : A"`},
		"another time":   {`"sourceField":"x"`, `"sourceField":"x","timeShift":"1d"`, "shifted, scaled or reduced times"},
		"several fields": {`"parentFormat":{"id":"terms"}`, `"secondaryFields":["usid"]`, "several fields"},
		"rare":           {`"type":"column"`, `"type":"rare"`, `ranked by "rare"`},
		"by a median":    {`"operationType":"average"`, `"operationType":"median"`, "an order by percentiles isn't understood"},
		"collapsed":      {`"splitAccessor":"k"`, `"splitAccessor":"k","collapseFn":"sum"`, "collapsed in the browser"},
		"unknown":        {`"dropPartials":false`, `"surprise":1`, `field "surprise" isn't understood here`},
		"sampled":        {`"sampling":1`, `"sampling":0.1`, "a sample of the rows"},
		"no view":        {"indexpattern-datasource-layer-l1", "indexpattern-datasource-layer-l9", `layer "l1" has no data view`},
		"a query":        {"sensor : accel", "sensor : acc*", "which is only understood alone"},
		"interval":       {`"interval":"auto"`, `"interval":"2M"`, `interval "2M" isn't understood`},
		"no metric":      {`"k","t","m"`, `"k","t"`, "it has no metric"},
	} {
		text := strings.ReplaceAll(good, quoted(c.old), quoted(c.new))
		if text == good {
			t.Fatalf("%s: the good file has no %s", name, c.old)
		}
		_, _, err := readAll(text)
		want := `d.ndjson:2: dashboard "D" (d): panel pl "Own", made with Lens, isn't understood here: `
		if err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error = %v\nwant %s…%s, alone", name, err, want, c.want)
		}
	}
}

// quoted is a text as it is within a JSON text.
func quoted(text string) string {
	in := quote(text)
	return in[1 : len(in)-1]
}

// TestOtherObjects: what is on no dashboard doesn't matter, whatever it is.
func TestOtherObjects(t *testing.T) {
	others := lines(
		`{"attributes":{"buildNum":1,"defaultIndex":"v"},"id":"7.17.29","references":[],"type":"config"}`,
		`{"attributes":{"title":"S","columns":[]},"id":"s","references":[{"id":"v","name":"kibanaSavedObjectMeta.searchSourceJSON.index","type":"index-pattern"}],"type":"search"}`,
		`{"attributes":{"title":"Q","query":{"query":"","language":"kuery"}},"id":"q","references":[],"type":"query"}`,
		strings.Replace(chartLine(`{"title":"V","type":"vega","params":{}}`, emptySource), `"id":"c"`, `"id":"unused"`, 1),
	)
	if got := mustRead(t, others+good()); !reflect.DeepEqual(got.Metrics, mustRead(t, good()).Metrics) {
		t.Errorf("got %+v", got)
	}
	broken := strings.Replace(good(), `"timeRestore":true`, `"timeRestore":false`, 1)
	if _, _, err := readAll(others + broken); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("a broken dashboard is %v; want one error", err)
	}
}

// TestControlGroup: since 8.0 a dashboard has its controls itself.
func TestControlGroup(t *testing.T) {
	group := `"controlGroupInput":{"chainingSystem":"HIERARCHICAL","controlStyle":"oneLine","showApplySelections":false,"ignoreParentSettingsJSON":"{}","panelsJSON":` +
		quote(`{"c1":{"grow":true,"order":0,"type":"optionsListControl","width":"medium","explicitInput":{"id":"c1","fieldName":"action","title":"Activity"}},`+
			`"c2":{"type":"rangeSliderControl","explicitInput":{"fieldName":"x","title":"X","dataViewId":"v"}},"c3":{"type":"timeSlider","explicitInput":{}}}`) + `},"title":"D"`
	text := strings.NewReplacer(`"title":"D"`, group, `"references":[{"id":"c","name":"p1`, `"references":[{"id":"v","name":"controlGroup_c1:optionsListDataView","type":"index-pattern"},{"id":"c","name":"p1`).Replace(good())
	_, controls, err := readAll(text)
	if err != nil || len(controls) != 2 || controls[0].Buckets[0].Field != "action" || controls[0].Title != "Activity" || controls[1].Metrics[0].Field != "x" {
		t.Errorf("got %+v, %v", controls, err)
	}
}

// TestPatterns: a data view may show the index by a pattern.
func TestPatterns(t *testing.T) {
	for title, want := range map[string]bool{"datuak": true, "datuak*": true, "*": true, "da*ak": true, "x,datuak*": true, "datuak*,-datuak": false, "smart*": false, "datuak_x": false} {
		text := strings.Replace(good(), `"title":"datuak"`, `"title":"`+title+`"`, 1)
		out, err := Target{From: "datuak", Index: "mine"}.Apply("d.ndjson", []byte(text))
		if (err == nil) != want || want && !strings.Contains(string(out), `"title":"mine"`) {
			t.Errorf("%s: %v", title, err)
		}
	}
}
