package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"hoplab.example/harness/verify/hop"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler() // holds the draft's own schema, and checks ours against it
	if err := compiler.AddResource(SchemaID, document); err != nil {
		t.Fatal(err)
	}
	checked, err := compiler.Compile(SchemaID)
	if err != nil {
		t.Fatal(err)
	}
	return checked
}

// valid returns what the schema has against a report.
func valid(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(value)
}

func TestJSONFitsSchema(t *testing.T) {
	schema := compiled(t)
	for name, r := range reports() {
		text, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, schema, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSchemaIsStrict(t *testing.T) {
	schema := compiled(t)
	good, err := reports()["class"].JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new string }{
		"another property":   {`"graded": false,`, `"graded": false, "extra": 1,`},
		"in a submission":    {`"student": "ane",`, `"student": "ane", "extra": 1,`},
		"in a lab":           {`"id": "03-flink",`, `"id": "03-flink", "extra": 1,`},
		"in a check":         {`"id": "flink-rows",`, `"id": "flink-rows", "extra": 1,`},
		"another schema":     {SchemaID, SchemaID + "0"},
		"no student":         {`"student": "ane",`, ``},
		"an empty student":   {`"student": "ane",`, `"student": "",`},
		"a fifth outcome":    {`"outcome": "skipped"`, `"outcome": "lost"`},
		"negative points":    {`"points": 3`, `"points": -3`},
		"half points":        {`"points": 3`, `"points": 2.5`},
		"points missing":     {`"points": 3`, `"points": null`},
		"graded, no points":  {`"points": 9,`, `"points": null,`},
		"an error in grades": {`"outcome": "failed"`, `"outcome": "error"`},
		"fault with points":  {`"student": "zuriñe",` + "\n      " + `"graded": false,` + "\n      " + `"points": null`, `"student": "zuriñe", "graded": false, "points": 0`},
		"above 100":          {`"percent": 64.29`, `"percent": 164.29`},
		"time is text":       {`"took_ns": 250000000`, `"took_ns": "0.25s"`},
	} {
		bad := strings.Replace(string(good), c.old, c.new, 1)
		if bad == string(good) {
			t.Fatalf("%s: the report has no %s:\n%s", name, c.old, good)
		}
		if valid(t, schema, []byte(bad)) == nil {
			t.Errorf("%s is let through", name)
		}
	}
}

// TestSchemaDescribesAll: each property has a description, and each object is
// closed to others.
func TestSchemaDescribesAll(t *testing.T) {
	var document map[string]any
	if err := json.Unmarshal(Schema(), &document); err != nil {
		t.Fatal(err)
	}
	objects := map[string]any{"the report": document}
	for name, def := range document["$defs"].(map[string]any) {
		objects[name] = def
	}
	described := 0
	for name, object := range objects {
		object := object.(map[string]any)
		properties, _ := object["properties"].(map[string]any)
		if object["description"] == nil || properties != nil && object["additionalProperties"] != false {
			t.Errorf("%s isn't described or takes any property", name)
		}
		for key, property := range properties {
			described++
			if text, _ := property.(map[string]any)["description"].(string); !strings.HasSuffix(text, ".") {
				t.Errorf("%s of %s is described as %q", key, name, text)
			}
		}
	}
	if described < 26 {
		t.Errorf("only %d properties were looked at", described)
	}
}

// TestJSONReadsBack: what was graded before can be reported again.
func TestJSONReadsBack(t *testing.T) {
	r := reports()["one"]
	r.Students = append(r.Students, Student{Name: "zuriñe", Labs: []Grade{unsoundLab()}})
	text, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got Report
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if want := r.sorted(); !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

func TestJSONCut(t *testing.T) {
	long := strings.Repeat("ñ", 1<<19)
	check := Check{ID: "c", Outcome: hop.Failed, Max: 1, Reason: long, Expected: long, Actual: long}
	text, err := (Report{Students: []Student{{Name: "ane", Labs: []Grade{{ID: "l", Checks: []Check{check}}}}}}).JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := valid(t, compiled(t), text); err != nil {
		t.Error(err)
	}
	if strings.Count(string(text), "… (983040 bytes more)") != 3 {
		t.Errorf("%d bytes don't say what is left out", len(text))
	}
}
