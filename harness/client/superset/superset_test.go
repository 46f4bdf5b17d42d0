package superset

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	shipped "hoplab.example/dashboards/superset"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// fake answers as Superset 6.1.0 has, but for the paths of other.
func fake(t *testing.T, other map[string]string) string {
	t.Helper()
	answers := map[string]string{
		"/api/v1/security/login":          `{"access_token":"secret"}`,
		"/api/v1/security/csrf_token/":    `{"result":"forged-not"}`,
		"/api/v1/dashboard/import/":       `{"message":"OK"}`,
		"/api/v1/dashboard/hoplab/charts": `{"result":[{"id":7,"slice_name":"Rows"}]}`,
		"/api/v1/chart/7":                 `{"result":{"slice_name":"Rows","query_context":"{\"queries\":[{\"columns\":[\"name\"],\"metrics\":[\"count\"]}]}"}}`,
		"/api/v1/chart/data":              `{"result":[{"error":null,"status":"success","data":[{"name":"jogging","count":2}]}]}`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, found := other[r.URL.Path]
		if !found {
			text = answers[r.URL.Path]
		}
		switch {
		case strings.HasPrefix(text, "401"):
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method == http.MethodPost && r.URL.Path != "/api/v1/security/login" && (r.Header.Get("X-CSRFToken") != "forged-not" || r.Header.Get("Authorization") != "Bearer secret"):
			w.WriteHeader(http.StatusBadRequest)
			text = `{"errors":[{"message":"400 Bad Request: The CSRF token is missing."}]}`
		}
		fmt.Fprint(w, text)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func ask(t *testing.T, other map[string]string) ([]Row, error) {
	t.Helper()
	c, err := Login(t.Context(), fake(t, other), access.Login{User: "ann", Password: access.Hide("x")})
	if err != nil {
		return nil, err
	}
	if err := c.Import(t.Context(), []byte("PK")); err != nil {
		return nil, err
	}
	charts, err := c.Charts(t.Context(), "hoplab")
	if err != nil {
		return nil, err
	}
	return c.Answer(t.Context(), charts[0])
}

func TestAnswers(t *testing.T) {
	rows, err := ask(t, nil)
	if err != nil || len(rows) != 1 || rows[0]["name"] != "jogging" {
		t.Errorf("rows %v, %v", rows, err)
	}
	for _, c := range []struct{ path, answer, want string }{
		{"/api/v1/security/login", `401 {"message":"Not authorized"}`, "user ann"},
		{"/api/v1/security/login", `{}`, "its answer has no token"},
		{"/api/v1/dashboard/import/", `{}`, `it answers "", want OK`},
		{"/api/v1/dashboard/hoplab/charts", `{"result":[]}`, `the dashboard "hoplab" has no chart`},
		{"/api/v1/dashboard/hoplab/charts", ``, "can't be read as JSON"},
		{"/api/v1/chart/7", `{"result":{"slice_name":"Rows","query_context":null}}`, `the chart "Rows" has no query`},
		{"/api/v1/chart/7", `{"result":{"slice_name":"Rows","query_context":"{}"}}`, `the chart "Rows" asks 0 queries`},
		{"/api/v1/chart/data", `{"result":[]}`, "its answer has no data"},
		{"/api/v1/chart/data", `{"result":[{"error":"oh","data":[]}]}`, "its answer has no data"},
	} {
		if _, err := ask(t, map[string]string{c.path: c.answer}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s answers %s: %v, want %q", c.path, c.answer, err, c.want)
		}
	}
	var refused *dial.RefusedError
	if _, err := ask(t, map[string]string{"/api/v1/security/login": "401"}); !errors.As(err, &refused) {
		t.Errorf("a wrong password: %v", err)
	}
}

// drawn is what Superset's page makes its query of, and the rest of a chart's file.
type file struct {
	Name    string `yaml:"slice_name"`
	Context string `yaml:"query_context"`
	Params  struct {
		XAxis   string           `yaml:"x_axis"`
		Groupby []any            `yaml:"groupby"`
		Metric  map[string]any   `yaml:"metric"`
		Metrics []map[string]any `yaml:"metrics"`
	}
}

// TestShippedCharts: what a chart draws, which its params say, is what its saved query
// asks for.
func TestShippedCharts(t *testing.T) {
	names, err := fs.Glob(shipped.Export, "charts/*.yaml")
	if err != nil || len(names) < 5 {
		t.Fatalf("charts %v, %v", names, err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(shipped.Export, name)
		if err != nil {
			t.Fatal(err)
		}
		var f file
		if err := yaml.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		chart, err := read(path.Base(name), f.Context)
		if err != nil {
			t.Fatal(err)
		}
		columns := f.Params.Groupby
		if f.Params.XAxis != "" {
			columns = append([]any{f.Params.XAxis}, columns...)
		}
		metrics := f.Params.Metrics
		if f.Params.Metric != nil {
			metrics = []map[string]any{f.Params.Metric}
		}
		asked := chart.whole["queries"].([]any)[0].(map[string]any)
		want := map[string]any{"columns": columns, "metrics": metrics}
		for key, drawn := range want {
			if a, b := fmt.Sprint(asked[key]), fmt.Sprint(drawn); a != b {
				t.Errorf("%s: its query has the %s %s, its params %s", name, key, a, b)
			}
		}
		if _, _, err := chart.Panel("f"); err != nil {
			t.Error(err)
		}
	}
}

func TestNotUnderstood(t *testing.T) {
	for query, want := range map[string]string{
		`{"columns":["x"],"metrics":["mine"]}`: `the metric "mine" isn't understood`,
		`{"columns":["x"],"metrics":[{"expressionType":"SQL","sqlExpression":"AVG(x)+1","label":"m"}]}`:                                   `the metric "m" isn't understood`,
		`{"columns":[{"sqlExpression":"x*2","label":"twice"}],"metrics":["count"]}`:                                                       "is computed",
		`{"columns":["x"],"metrics":["count"],"filters":[{"col":"action","op":"==","val":"A"}]}`:                                          "a chart with filters",
		`{"columns":["x"],"metrics":["count"],"extras":{"where":"x > 1"}}`:                                                                "a chart with filters",
		`{"columns":[{"sqlExpression":"name","label":"n"}],"metrics":[{"expressionType":"SQL","sqlExpression":" sum( x )","label":"m"}]}`: "",
	} {
		chart, err := read("c", `{"queries":[`+query+`]}`)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = chart.Panel("f")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", query, err, want)
		}
	}
}

func TestZip(t *testing.T) {
	zipped, err := Zip(shipped.Export, "127.0.0.1:10000")
	if err != nil || !strings.HasPrefix(string(zipped), "PK") || len(zipped) < 3000 {
		t.Errorf("%d bytes, %v", len(zipped), err)
	}
}
