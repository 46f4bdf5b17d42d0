package provisioning

import (
	"encoding/json"
	"strings"
	"testing"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/golden"
)

// TestQueries compares the searches of the good dashboard and of the shipped one
// with golden files, which show each field at a glance.
func TestQueries(t *testing.T) {
	all, err := Read(shipped.Files(), Options{Name: shipped.Folder})
	if err != nil {
		t.Fatal(err)
	}
	one := Options{Variables: map[string][]string{"activity": {"A"}}}
	for name, p := range map[string]*Provisioned{"good": good(t, Options{}), "good-a": good(t, one), "shipped": all} {
		t.Run(name, func(t *testing.T) {
			var got strings.Builder
			for _, q := range p.Panels {
				body, err := p.Query(q)
				if err != nil {
					t.Fatal(err)
				}
				text, err := json.MarshalIndent(body, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				got.WriteString("-- " + q.String() + "\n" + string(text) + "\n")
			}
			golden.Check(t, "testdata/"+name+".golden", got.String())
		})
	}
}

func TestQueryOfAnother(t *testing.T) {
	_, err := good(t, Options{}).Query(panel.Panel{File: "f", Title: "T", ID: "9"})
	wantError(t, err, `f: panel "T" (9) isn't among the panels`)
}

func TestTarget(t *testing.T) {
	p := good(t, Options{Variables: map[string][]string{"activity": {"A"}}})
	got, err := p.Target(p.Panels[0])
	if err != nil {
		t.Fatal(err)
	}
	source := got["datasource"].(panel.Object)
	if got["query"] != `sensor:accel AND action:("A")` || got["refId"] != "A" || source["uid"] != "s" || len(got["metrics"].([]any)) != 2 {
		t.Errorf("target %v", got)
	}
	_, err = p.Target(panel.Panel{File: "f", Title: "T", ID: "9"})
	wantError(t, err, `f: panel "T" (9) isn't among the panels`)
}

// TestCalendarInterval: Grafana 12.2 answered 1w with one bucket, which began on Monday,
// 2023-11-13 (the fixed week of 1970 on would begin on a Thursday).
func TestCalendarInterval(t *testing.T) {
	text := testdata(t, "good.json")
	for interval, kind := range map[string]string{"1w": "calendar_interval", "1M": "calendar_interval", "2d": "fixed_interval"} {
		p, err := Read(folder(testdata(t, "sources.yaml"), strings.Replace(text, `"interval": "10s"`, `"interval": "`+interval+`"`, 1)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var sent []byte
		for _, of := range p.Panels {
			body, _ := p.Query(of)
			one, _ := json.Marshal(body)
			sent = append(sent, one...)
		}
		if want := `"` + kind + `":"` + interval + `"`; !strings.Contains(string(sent), want) {
			t.Errorf("%s isn't sent as %s", interval, want)
		}
	}
}
