package paneldef

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/exercise/lab"
)

// define makes a definition of texts: of metrics and of buckets, each separated by ";".
func define(t *testing.T, title, show, over string, where ...string) Definition {
	t.Helper()
	d := Definition{Title: title}
	for _, part := range []struct {
		text string
		read func(string) error
	}{{show, d.Show}, {over, d.Over}} {
		for text := range strings.SplitSeq(part.text, ";") {
			if text == "" {
				continue
			}
			if err := part.read(text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(where) > 0 {
		d.Where = &where[0]
	}
	return d
}

func TestDefinition(t *testing.T) {
	var d Definition
	for text, want := range map[string]string{
		"":                      "want a text such as",
		"mean of x":             "[min max sum cardinality]",
		"avg x":                 "want a text such as",
		"avg of":                "want a text such as",
		"percentile two of x":   `"two" isn't a percentage`,
		"percentile 101 of x":   `"101" isn't a percentage`,
		"percentile NaN of x":   `"NaN" isn't a percentage`,
		"count of x":            "want a text such as",
		"percentiles 2 of x, y": "want a text such as",
	} {
		if err := d.Show(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("show %q: %v, want %q", text, err, want)
		}
	}
	for text, want := range map[string]string{
		"": "want a field", "x, y": "want a field", "x by": "want a field", "x by 0": `the step "0"`, "x by -1": `the step "-1"`, "x by 1w": `the step "1w"`, "x by Inf": `the step "Inf"`,
	} {
		if err := d.Over(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("over %q: %v, want %q", text, err, want)
		}
	}
	d = define(t, "", "count;percentile 2.5 of x,y;max of z", "usid;y by 0.50;@timestamp by 10s")
	if d.shown() != "count, percentile 2.5 of x, percentile 2.5 of y, max of z" {
		t.Error(d.shown())
	}
	if got := fmt.Sprint(d.Buckets); got != "[{terms usid } {histogram y 0.5} {date_histogram @timestamp 10s}]" {
		t.Error(got)
	}
}

// work returns a lab's work file as a student has it.
func work(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../../../labs/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "${step}", "2")
}

func write(t *testing.T, file, text string, add bool, d Definition) string {
	t.Helper()
	changed, added, err := Write(file, []byte(text), d)
	if err != nil || added != add {
		t.Fatalf("%s: added %v, %v", d.Title, added, err)
	}
	return string(changed)
}

// describe returns what the panel of that title shows, without ids and looks.
func describe(t *testing.T, panels []panel.Panel, title string) string {
	t.Helper()
	i := slices.IndexFunc(panels, func(p panel.Panel) bool { return p.Title == title })
	if i < 0 {
		t.Fatalf("no panel %q", title)
	}
	p := panels[i]
	text := string(p.Kind)
	for _, m := range p.Metrics {
		text += " " + m.String() + ","
	}
	for _, b := range p.Buckets {
		text += fmt.Sprintf(" by %s of %s %v", b.By, b.Field, b.Interval)
	}
	return text + fmt.Sprint(" where ", p.Filter)
}

func check(t *testing.T, panels []panel.Panel, want map[string]string) {
	t.Helper()
	for title, want := range want {
		if got := describe(t, panels, title); got != want {
			t.Errorf("%s shows\n%s, want\n%s", title, got, want)
		}
	}
}

// TestGrafana fills in lab 6 by definitions, and adds panels, which the lab's own reader
// takes.
func TestGrafana(t *testing.T) {
	const file = "dashboard.json"
	before := work(t, "06-grafana/work/dashboard.json")
	if list, err := List(file, []byte(before)); err != nil || len(list) != 9 || list[0].Todo || list[1] != (Panel{"Gyroscope: mean of x, y and z", true}) {
		t.Errorf("%v, %v", list, err)
	}
	text := before
	for _, d := range []Definition{
		define(t, "Gyroscope: mean of x, y and z", "", "", "sensor:gyro AND action:$activity"),
		define(t, "2nd percentile of x, y and z by sensor", "percentile 2 of x, y, z", ""),
		define(t, "Rows by activity", "", "action"),
		define(t, "Minima and maxima by sensor", "max of x;max of y;max of z", ""),
		define(t, "Accelerometer: mean of x and z over y, in steps of 2", "avg of x, z", "y by 2"),
	} {
		text = write(t, file, text, false, d)
		if again := write(t, file, text, false, d); again != text {
			t.Errorf("%s: written again it differs", d.Title)
		}
	}
	text = write(t, file, text, true, define(t, "a < b & c", "count;max of x", "usid;device", "sensor:gyro"))
	text = write(t, file, text, true, define(t, "subjects", "cardinality of usid", "@timestamp by 10s"))
	between := before[strings.Index(before, `"id": 4,`):strings.Index(before, `"id": 6,`)]
	if !strings.Contains(text, between) || !strings.HasSuffix(text, before[strings.Index(before, `"templating"`):]) || !strings.Contains(text, `"a < b & c"`) {
		t.Error("more was changed than the panels")
	}
	if list, err := List(file, []byte(text)); err != nil || slices.ContainsFunc(list, func(p Panel) bool { return p.Todo }) {
		t.Errorf("%v, %v", list, err)
	}
	text = strings.NewReplacer(`"from": "TODO", "to": "TODO"`, `"from": "2023-11-14T22:13:00Z", "to": "2023-11-14T22:18:00Z"`, "TODO", "action").Replace(text)
	source := strings.NewReplacer("index: TODO", "index: datuak", "timeField: TODO", `timeField: "@timestamp"`).Replace(work(t, "06-grafana/work/datasource.yaml"))
	read, err := provisioning.ReadFiles([]provisioning.File{{Name: "datasource.yaml", Text: []byte(source)}, {Name: file, Text: []byte(text)}}, provisioning.Options{Name: "06", Index: "datuak"})
	if err != nil {
		t.Fatal(err)
	}
	check(t, read.Panels, map[string]string{
		"Gyroscope: mean of x, y and z":                        "line avg of x, avg of y, avg of z, by date_histogram of @timestamp 1000 where [sensor is gyro]",
		"2nd percentile of x, y and z by sensor":               "stat percentile 2 of x, percentile 2 of y, percentile 2 of z, by terms of sensor 0 where []",
		"Rows by activity":                                     "bar count, by terms of action 0 where []",
		"Minima and maxima by sensor":                          "bar max of x, max of y, max of z, by terms of sensor 0 where []",
		"Accelerometer: mean of x and z over y, in steps of 2": "bar avg of x, avg of z, by histogram of y 2 where [sensor is accel]",
		"a < b & c": "bar count, max of x, by terms of usid 0 by terms of device 0 where [sensor is gyro]",
		"subjects":  "line cardinality of usid, by date_histogram of @timestamp 10000 where []",
	})
}

// TestKibana does so with lab 5. What a definition leaves out stays to be filled in.
func TestKibana(t *testing.T) {
	const file = "kibana-7.ndjson"
	before := work(t, "05-kibana/work/kibana-7.ndjson")
	if list, err := List(file, []byte(before)); err != nil || len(list) != 6 || list[0].Todo || list[1] != (Panel{"Maxima of x, y and z", true}) {
		t.Errorf("%v, %v", list, err)
	}
	text := write(t, file, before, false, define(t, "x and z over y in steps of 2", "avg of x, y", ""))
	if !strings.Contains(text, `\"params\":{\"field\":\"TODO\",\"interval\":TODO}`) {
		t.Error("it lost what is still to be filled in")
	}
	for _, d := range []Definition{
		define(t, "Maxima of x, y and z", "max of x, y, z", ""),
		define(t, "2nd percentiles of x, y and z", "percentile 2 of x, y, z", ""),
		define(t, "x and z over y in steps of 2", "avg of x, z", "y by 2"),
		define(t, "x, y and z over time", "", "@timestamp by 1s", "sensor : accel"),
	} {
		text = write(t, file, text, false, d)
		if again := write(t, file, text, false, d); again != text {
			t.Errorf("%s: written again it differs", d.Title)
		}
	}
	text = write(t, file, text, true, define(t, "x per activity", "avg of x;count", "action"))
	text = write(t, file, text, true, define(t, "all", "count", "", "sensor : gyro"))
	var left []string
	for line := range strings.Lines(text) {
		if lab.TodoLine([]byte(line)) > 0 {
			left = append(left, line[:40])
		}
	}
	if len(left) != 3 { // the data view, the control, the dashboard's time
		t.Errorf("still to be filled in: %q", left)
	}
	text = strings.NewReplacer(`"timeFieldName":"TODO"`, `"timeFieldName":"@timestamp"`, `"timeFrom":"TODO"`, `"timeFrom":"2023-11-14T22:13:00Z"`,
		`"timeTo":"TODO"`, `"timeTo":"2023-11-14T22:18:00Z"`, "TODO", "action").Replace(text)
	panels, err := savedobject.Read(file, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	check(t, panels, map[string]string{
		"Maxima of x, y and z":          "stat max of x, max of y, max of z, where []",
		"2nd percentiles of x, y and z": "stat percentile 2 of x, percentile 2 of y, percentile 2 of z, where []",
		"x and z over y in steps of 2":  "line avg of x, avg of z, by histogram of y 2 where []",
		"x, y and z over time":          "line avg of x, avg of y, avg of z, by date_histogram of @timestamp 1000 where [sensor is accel]",
		"x per activity":                "bar avg of x, count, by terms of action 0 where []",
		"all":                           "stat count, where [sensor is gyro]",
	})
}

func TestRefused(t *testing.T) {
	board, export := work(t, "06-grafana/work/dashboard.json"), work(t, "05-kibana/work/kibana-7.ndjson")
	twins := strings.Replace(board, `"Gyroscope:`, `"Accelerometer:`, 1)
	for _, c := range []struct {
		file, text string
		d          Definition
		want       string
	}{
		{"d.json", "{", define(t, "a", "count", "x"), "d.json: "},
		{"d.json", "{}", define(t, "a", "count", "x"), "no list of panels"},
		{"d.json", `{"panels": [1]}`, define(t, "a", "count", "x"), "d.json: panels: "},
		{"d.json", board, define(t, "a", "count", ""), "needs --show and --over"},
		{"d.json", twins, define(t, "Accelerometer: mean of x, y and z", "count", ""), "two panels have the title"},
		{"d.json", `{"panels": [{"type": "text"}]}`, define(t, "a", "count", "x"), "no panel is a barchart"},
		{"k.ndjson", "{}\n{", define(t, "a", "count", "x"), "k.ndjson: line 2: "},
		{"k.ndjson", export, define(t, "a", "", "x"), "needs --show"},
		{"k.ndjson", export + export, define(t, "Maxima of x, y and z", "count", ""), "two charts have the title"},
		{"k.ndjson", "{}\n", define(t, "a", "count", "x"), "no dashboard"},
		{"k.ndjson", `{"type":"dashboard"}`, define(t, "a", "count", "x"), "no chart is of the type histogram"},
	} {
		if _, _, err := Write(c.file, []byte(c.text), c.d); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %.20q: %v, want %q", c.d.Title, c.text, err, c.want)
		}
	}
}
