package savedobject

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/panel"
)

// now is what relative times are counted from.
var now = time.Date(2024, 2, 29, 12, 34, 56, 0, time.UTC)

// The parts of an export, as Kibana 7.17 writes them, with everything that a
// test may want to break in one place.
const (
	viewLine = `{"attributes":{"fields":"[]","timeFieldName":"@timestamp","title":"datuak"},"coreMigrationVersion":"7.17.29","id":"v","migrationVersion":{"index-pattern":"7.11.0"},"references":[],"type":"index-pattern","updated_at":"2024-02-01T00:00:00.000Z","version":"WzEsMV0="}`
	summary  = `{"excludedObjects":[],"excludedObjectsCount":0,"exportedCount":3,"missingRefCount":0,"missingReferences":[]}`

	lineState = `{"title":"X","type":"line","params":{"type":"line"},"aggs":[` +
		`{"id":"1","enabled":true,"type":"avg","params":{"field":"x","customLabel":"mean x"},"schema":"metric"},` +
		`{"id":"2","enabled":true,"type":"date_histogram","params":{"field":"@timestamp","timeRange":{"from":"now-15m","to":"now"},"useNormalizedEsInterval":true,"scaleMetricValues":false,"interval":"10s","drop_partials":false,"min_doc_count":1,"extended_bounds":{}},"schema":"segment"}]}`
	emptySource = `{"query":{"query":"","language":"kuery"},"filter":[],"indexRefName":"kibanaSavedObjectMeta.searchSourceJSON.index"}`
)

func quote(text string) string {
	quoted, _ := json.Marshal(text)
	return string(quoted)
}

func chartLine(state, source string) string {
	return `{"attributes":{"description":"","kibanaSavedObjectMeta":{"searchSourceJSON":` + quote(source) + `},"title":"X","uiStateJSON":"{}","version":1,"visState":` + quote(state) +
		`},"coreMigrationVersion":"7.17.29","id":"c","migrationVersion":{"visualization":"7.17.0"},"references":[{"id":"v","name":"kibanaSavedObjectMeta.searchSourceJSON.index","type":"index-pattern"}],"type":"visualization"}`
}

func dashboardLine(panels, source string) string {
	return `{"attributes":{"description":"","hits":0,"kibanaSavedObjectMeta":{"searchSourceJSON":` + quote(source) + `},"optionsJSON":"{}","panelsJSON":` + quote(panels) +
		`,"refreshInterval":{"pause":true,"value":0},"timeFrom":"2023-11-14T22:10:00.000Z","timeRestore":true,"timeTo":"2023-11-14T22:20:00.000Z","title":"D","version":1},` +
		`"coreMigrationVersion":"7.17.29","id":"d","migrationVersion":{"dashboard":"7.17.3"},"references":[{"id":"c","name":"p1:panel_p1","type":"visualization"},{"id":"v","name":"p1:kibanaSavedObjectMeta.searchSourceJSON.index","type":"index-pattern"}],"type":"dashboard"}`
}

const (
	onePlace  = `[{"version":"7.17.29","type":"visualization","gridData":{"x":0,"y":0,"w":24,"h":15,"i":"p1"},"panelIndex":"p1","embeddableConfig":{"enhancements":{}},"panelRefName":"panel_p1"}]`
	noFilters = `{"query":{"query":"","language":"kuery"},"filter":[]}`
)

func lines(list ...string) string { return strings.Join(list, "\n") + "\n" }

func good() string {
	return lines(viewLine, chartLine(lineState, emptySource), dashboardLine(onePlace, noFilters), summary)
}

func readAll(text string) (charts, controls []panel.Panel, err error) {
	return Reader{Now: now, Major: 7}.Read("d.ndjson", []byte(text))
}

func mustRead(t *testing.T, text string) panel.Panel {
	t.Helper()
	charts, controls, err := readAll(text)
	if err != nil {
		t.Fatal(err)
	}
	all := append(charts, controls...)
	if len(all) != 1 {
		t.Fatalf("%d panels, want 1", len(all))
	}
	return all[0]
}
