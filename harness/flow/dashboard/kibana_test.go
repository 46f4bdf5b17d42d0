package dashboard

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/client/kibana"
	panels "hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/verify/hop"
)

// TestKibanaObjects: a run's own index has objects of its own; the usual one has
// the shipped ids.
func TestKibanaObjects(t *testing.T) {
	for suffix, id := range map[string]string{"": "hoplab-averages", "x": "hoplab-averages-datuak_x"} {
		p := pipeline.Pipeline{Names: pipeline.NewNames(suffix)}
		file, text, err := KibanaObjects(p, Around(oracle(t)), 7)
		if err != nil {
			t.Fatal(err)
		}
		charts, err := panels.Read(file, text)
		if err != nil {
			t.Fatal(err)
		}
		first := charts[0]
		if first.ID != id || first.View.Index != p.Names.Index || first.Range != Around(oracle(t)) || !first.Range.From.Equal(wisdm.DefaultBase) {
			t.Errorf("suffix %q: %+v", suffix, first)
		}
	}
}

// keeps is a fake Kibana: it has a version, takes all of the export that such a Kibana is
// sent, and answers with old replaced by new. Asked as an Elasticsearch, it has a version
// too.
type keeps struct{ version, elastic, old, new string }

func (k keeps) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	second := panel.Range{From: wisdm.DefaultBase, To: wisdm.DefaultBase.Add(time.Second)} // of oracle's rows
	_, text, _ := KibanaObjects(pipeline.Pipeline{Names: pipeline.NewNames("")}, second, int(k.version[0]-'0'))
	switch id, object := strings.CutPrefix(r.URL.Path, "/api/saved_objects/"); {
	case r.URL.Path == "/api/status":
		io.WriteString(w, `{"version":{"number":"`+k.version+`"},"status":{"overall":{"level":"available"}}}`)
	case r.Method == http.MethodPost:
		answer := map[string]any{"success": true, "successCount": len(kibana.Refs(text)), "successResults": kibana.Refs(text)}
		json.NewEncoder(w).Encode(answer)
	case object:
		for line := range strings.Lines(string(text)) {
			var o kibana.Object
			if json.Unmarshal([]byte(line), &o) == nil && o.Type+"/"+o.ID == id {
				io.WriteString(w, strings.ReplaceAll(line, k.old, k.new))
				return
			}
		}
		http.NotFound(w, r)
	default:
		io.WriteString(w, `{"version":{"number":"`+k.elastic+`"}}`)
	}
}

// TestImportKibana against a fake that takes all and keeps what it wants.
func TestImportKibana(t *testing.T) {
	for want, k := range map[string]keeps{
		"7":                    {version: "7.17.29", elastic: "7.17.29"},
		"9":                    {version: "9.2.4", elastic: "9.2.4"},
		"9,":                   {version: "9.2.4"}, // Elasticsearch doesn't say
		"follow the reference": {version: "7.17.29", old: `[{"id":"hoplab-datuak"`, new: `[{"id":"gone"`},
		"has changed dashboard hoplab-rows: it was sent with 7 references, and is kept with 6": {version: "7.17.29", old: `{"id":"hoplab-filters","name":"hoplab-filters:panel_hoplab-filters","type":"visualization"},`},
		"has changed dashboard hoplab-rows: it was sent with 8 references, and is kept with 7": {version: "9.2.4", old: `,{"id":"hoplab-datuak","name":"controlGroup_usid:optionsListDataView","type":"index-pattern"}`},
		"has changed dashboard hoplab-rows: it was sent {Title:The pipeline's rows":            {version: "7.17.29", old: `"timeFrom":"2023`, new: `"timeFrom":"1970`},
		"has changed visualization hoplab-maxima":                                              {version: "7.17.29", old: `\"type\":\"max\"`, new: `\"type\":\"min\"`},
		`it answers with " " in place of index-pattern hoplab-datuak`:                          {version: "7.17.29", old: `"id":"hoplab-datuak","migrationVersion":{"index-pattern":"7.11.0"},"references":[],"type":"index-pattern"`, new: `"x":0`},
		"keeps index-pattern hoplab-datuak as what can't be read: it has no attributes":        {version: "7.17.29", old: `"attributes":{"timeFieldName"`, new: `"a":{"timeFieldName"`},
		"is 7.6.0, and refuses the dashboard, which 7.17 wrote":                                {version: "7.6.0"},
		"is 7.17.29, and Elasticsearch at 127.0.0.1:":                                          {version: "7.17.29", elastic: "9.2.4"},
		"is a 7: Kibana has to be of Elasticsearch's major version":                            {version: "9.2.4", elastic: "7.17.29"},
	} {
		server := httptest.NewServer(k)
		t.Cleanup(server.Close)
		p := pipeline.Pipeline{Sites: everyAt(server.Listener.Addr().String()), Names: pipeline.NewNames("")}
		refs, err := ImportKibana(t.Context(), p, oracle(t))
		if good := len(want) < 3; good != (err == nil) || err != nil && !strings.Contains(err.Error(), want) || good && len(refs) < 8 {
			t.Errorf("%+v: %v, %v; want %q", k, refs, err, want)
		}
	}
}

// TestCheckKibanaEndsEarly: a file that isn't right has failed, a server that
// isn't there is an error.
func TestCheckKibanaEndsEarly(t *testing.T) {
	gone := pipeline.Pipeline{Sites: everyAt("127.0.0.1:1"), Names: pipeline.NewNames("1")}
	for name, c := range map[string]struct {
		result  hop.Result
		outcome hop.Outcome
		want    string
	}{
		"no file":        {CheckKibanaFile(t.Context(), gone, "mine.ndjson", []byte("{oh"), oracle(t)), hop.Failed, "mine.ndjson:1: not a saved object"},
		"nobody answers": {CheckKibana(t.Context(), gone, oracle(t)), hop.Error, "127.0.0.1:1"},
	} {
		if r := c.result; r.Hop != hop.Kibana || r.Outcome != c.outcome || r.Expected != 100 || !strings.Contains(r.Detail, c.want) {
			t.Errorf("%s: %+v, want %s with %q", name, r, c.outcome, c.want)
		}
	}
}

// TestCheckInKibanaRemoves: whatever the result of a check, what was imported is
// removed.
func TestCheckInKibanaRemoves(t *testing.T) {
	p, asked := fakeAt(t, `{"status":{"overall":{"level":"available"}},"success":true,"successCount":9,"successResults":[{"type":"dashboard","id":"d"}]}`)
	if r := CheckInKibana(t.Context(), p, oracle(t)); r.Outcome != hop.Error {
		t.Errorf("%+v, want an error: the fake isn't an Elasticsearch", r)
	}
	for _, call := range []string{"POST /api/saved_objects/_import", "GET /api/saved_objects/dashboard/d", "DELETE /api/saved_objects/dashboard/d"} {
		if !slices.Contains(asked(), call) {
			t.Errorf("asked %v, want %s too", asked(), call)
		}
	}
	before := len(asked())
	KeepInKibana(t.Context(), p, oracle(t))
	if slices.Contains(asked()[before:], "DELETE /api/saved_objects/dashboard/d") {
		t.Errorf("asked %v, want that it stays", asked()[before:])
	}
}
