package labs_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/labs"
)

var update = flag.Bool("update", false, "write the work files that are made of a solution anew")

// blank is a place of a solution that the student fills in: the text old, as
// often as it is there from the text after on, up to the text before.
type blank struct{ after, before, old, new string }

// blanks has the work files that are generated from their solutions, which keeps the
// two in step: nobody writes a Kibana export or a dashboard by hand.
var blanks = []struct {
	lab, file string
	blanks    []blank
}{
	{"05-kibana", "kibana-7.ndjson", []blank{
		{"", "\n", `"timeFieldName":"@timestamp"`, `"timeFieldName":"TODO"`},
		{`"title":"Filters"`, "\n", `\"fieldName\":\"action\"`, `\"fieldName\":\"TODO\"`},
		{`"title":"Maxima of x, y and z"`, "\n", `\"type\":\"max\"`, `\"type\":\"TODO\"`},
		{`"title":"2nd percentiles of x, y and z"`, "\n", `\"percents\":[2]`, `\"percents\":[TODO]`},
		{`"title":"x and z over y"`, "\n", `\"field\":\"y\",\"interval\":1`, `\"field\":\"TODO\",\"interval\":TODO`},
		{"", "", `x and z over y`, `x and z over y in steps of ${step}`},
		{`"title":"x, y and z over time"`, "\n", `\"field\":\"@timestamp\"`, `\"field\":\"TODO\"`},
		{`"timeFrom"`, "\n", "2023-11-14T22:13:00.000Z", "TODO"},
		{`"timeTo"`, "\n", "2023-11-14T22:18:00.000Z", "TODO"},
	}},
	{"06-grafana", "datasource.yaml", []blank{
		{"", "", "index: datuak", "index: TODO  # the one that lab 4 fills"},
		{"", "", `timeField: "@timestamp"`, "timeField: TODO  # which of its fields is mapped as a date?"},
	}},
	{"06-grafana", "dashboard.json", []blank{
		{`"time": {`, "}", "2023-11-14T22:13:00.000Z", "TODO"},
		{`"time": {`, "}", "2023-11-14T22:18:00.000Z", "TODO"},
		{`"id": 3,`, `"title"`, "sensor:gyro AND action:$activity", "TODO"},
		{`"id": 7,`, `"title"`, "\"percents\": [\n                  \"2\"", "\"percents\": [\n                  \"TODO\""},
		{`"id": 8,`, `"title"`, `"field": "action"`, `"field": "TODO"`},
		{`"id": 9,`, `"title"`, `"type": "max"`, `"type": "TODO"`},
		{`"id": 11,`, `"title"`, `"field": "y"`, `"field": "TODO"`},
		{`"id": 11,`, `"title"`, `"interval": "1"`, `"interval": "TODO"`},
		{"", "", "Accelerometer: mean of x and z over y", "Accelerometer: mean of x and z over y, in steps of ${step}"},
		{`"templating"`, "", `\"field\": \"action\"`, `\"field\": \"TODO\"`},
	}},
}

// cut makes a blank in text.
func (b blank) cut(t *testing.T, text string) string {
	t.Helper()
	start := strings.Index(text, b.after)
	end := len(text)
	if start >= 0 && b.before != "" {
		end = start + strings.Index(text[start:], b.before)
	}
	if start < 0 || end < start || !strings.Contains(text[start:end], b.old) {
		t.Fatalf("the solution has no %q from %q to %q", b.old, b.after, b.before)
	}
	return text[:start] + strings.ReplaceAll(text[start:end], b.old, b.new) + text[end:]
}

// compact puts what fits into a line of indented JSON into one: students read the file.
func compact(text string) string {
	const width = 120
	lines, short := strings.Split(text, "\n"), []string(nil)
	for i := 0; i < len(lines); i++ {
		line, end := lines[i], i
		indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
		if strings.HasSuffix(line, "{") || strings.HasSuffix(line, "[") {
			one := line
			for end++; ; end++ {
				closes := strings.HasPrefix(lines[end], indent+"}") || strings.HasPrefix(lines[end], indent+"]")
				if !closes && end > i+1 {
					one += " "
				}
				one += strings.TrimSpace(lines[end])
				if closes {
					break
				}
			}
			if len(one) > width {
				one, end = line, i
			}
			line = one
		}
		short, i = append(short, line), end
	}
	return strings.Join(short, "\n")
}

// TestWorkIsTheSolutionWithBlanks: a work file that is generated from its solution
// differs from it only in the marked places.
func TestWorkIsTheSolutionWithBlanks(t *testing.T) {
	for _, made := range blanks {
		_, solution, err := labs.Solution(made.lab, made.file)
		if err != nil {
			t.Fatal(err)
		}
		want := string(solution)
		for _, b := range made.blanks {
			want = b.cut(t, want)
		}
		if strings.HasSuffix(made.file, ".json") {
			want = compact(want)
		}
		name := made.lab + "/work/" + made.file
		if *update {
			if err := os.WriteFile(filepath.FromSlash(name), []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
			continue // what is embedded is the former one
		}
		if got, err := labs.Files.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s isn't the solution with blanks (%v); go test ./labs -update writes it", name, err)
		}
	}
}
