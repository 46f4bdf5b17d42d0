package savedobject

import (
	"strings"
	"testing"
	"time"

	"hoplab.example/dashboards"
	"hoplab.example/harness/client/panel"
)

func TestTarget(t *testing.T) {
	const file = "kibana-7.ndjson"
	before, err := Read(file, dashboards.Kibana7)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	target := Target{From: "datuak", Index: "datuak_x", Suffix: "-x", Range: panel.Range{From: at, To: at.Add(time.Minute)}}
	text, err := target.Apply(file, dashboards.Kibana7)
	if err != nil {
		t.Fatal(err)
	}
	after, err := Read(file, text)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range after {
		was := before[i]
		if p.View.Index != "datuak_x" || p.ID != was.ID+"-x" || p.Range != target.Range || p.Title != was.Title {
			t.Errorf("%+v\nbecame %+v", was, p)
		}
	}
	if strings.Contains(string(text), `"hoplab-rows"`) {
		t.Error("an id has stayed")
	}
	same, err := Target{From: "datuak", Index: "datuak"}.Apply(file, dashboards.Kibana7)
	if err != nil || string(same) != string(dashboards.Kibana7) {
		t.Errorf("a target that changes nothing changes the file: %v\n%s", err, same)
	}
}

func TestTargetFails(t *testing.T) {
	for text, want := range map[string]string{
		good():          `no data view shows the index "other"`,
		"{oh\n":         "d.ndjson:1: not a saved object",
		viewLine + "\n": `no data view shows the index "other"`,
	} {
		if out, err := (Target{From: "other", Index: "x"}).Apply("d.ndjson", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q\n%s", err, want, out)
		}
	}
}

// TestTargetKeepsWhatItDoesNotKnow: tags and the summary, and relative times where no
// others are given.
func TestTargetKeepsWhatItDoesNotKnow(t *testing.T) {
	tag := `{"attributes":{"name":"lab"},"id":"t","references":[],"type":"tag"}`
	text := strings.Replace(good(), "2023-11-14T22:10:00.000Z", "now-10y", 1) + tag + "\n"
	text = strings.Replace(text, `"references":[{"id":"c"`, `"references":[{"id":"t","name":"tag-t","type":"tag"},{"id":"c"`, 1)
	out, err := Target{From: "datuak", Index: "x", Suffix: "-x"}.Apply("d.ndjson", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"timeFrom":"now-10y"`, `"timeTo":"2023-11-14T22:20:00.000Z"`, tag, summary, `"id":"t","name":"tag-t"`, `"version":"WzEsMV0="`} {
		if !strings.Contains(string(out), want) {
			t.Errorf("the result lacks %s\n%s", want, out)
		}
	}
}
