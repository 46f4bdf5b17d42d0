package savedobject

import (
	"strings"
	"testing"
)

// TestLatest: a dashboard in the form of 8.19 and 9.1, with a section, a panel in it, a
// text, and a panel of Lens that has its query and filters twice.
func TestLatest(t *testing.T) {
	const config = `"embeddableConfig":{"enhancements":{"dynamicActions":{"events":[]}},"syncColors":false,"syncCursor":true,"syncTooltips":false,"filters":[],"query":{"query":"","language":"kuery"},`
	attributes := lensAttributes("lnsXY", xySeries, `"t","m"`, lensTime, lensMean)
	text := lensByValue(attributes)
	for old, new := range map[string]string{
		quoted(`"embeddableConfig":{`):                  quoted(config),
		quoted(`"i":"pl"}`):                             quoted(`"i":"pl","sectionId":"s1"}`),
		quoted(`"title":"Own"}]`):                       quoted(`"title":"Own"},{"type":"markdown","gridData":{},"panelIndex":"t","embeddableConfig":{"content":"# Rows"}}]`),
		`"title":"D"`:                                   `"title":"D","sections":[{"title":"S","collapsed":true,"gridData":{"y":0,"i":"s1"}}]`,
		`"migrationVersion":{"dashboard":"7.17.3"}`:     `"typeMigrationVersion":"10.3.0","managed":false`,
		`"migrationVersion":{"index-pattern":"7.11.0"}`: `"typeMigrationVersion":"8.0.0","managed":false`,
	} {
		if !strings.Contains(text, old) {
			t.Fatalf("the file has no %s", old)
		}
		text = strings.Replace(text, old, new, 1)
	}
	nine := Reader{Now: now, Major: 9}
	charts, _, err := nine.Read("d.ndjson", []byte(text))
	if err != nil || len(charts) != 1 || charts[0].Title != "Own" || len(charts[0].Filter) != 1 {
		t.Errorf("got %+v, %v", charts, err)
	}
	filtered := strings.Replace(text, quoted(`"filters":[],"query":{"query":"",`), quoted(`"filters":[],"query":{"query":"action : A",`), 1)
	if _, _, err := nine.Read("d.ndjson", []byte(filtered)); err == nil || !strings.Contains(err.Error(), `panel pl "Own" has a query or filters beside those of its visualization`) {
		t.Errorf("a panel with a query of its own: %v", err)
	}
}
