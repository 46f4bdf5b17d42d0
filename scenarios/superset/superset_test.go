// Package superset is the step beyond the labs: SQL over two tables, and Superset's
// dashboard of it. Its tests run where Superset is in the cache.
package superset

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	shipped "hoplab.example/dashboards/superset"
	client "hoplab.example/harness/client/superset"
	"hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/util/need"
)

func TestMain(m *testing.M) { scenario.Main(m) }

// stack has the rows in Kafka. Nothing is downloaded for it: that is 'lab fetch --with
// superset'.
func stack(t *testing.T) *scenario.Stack {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped because of -short: it starts servers")
	}
	testenv.AsProcesses(t, "Superset and its SQL engine")
	if _, err := python.Find(t.Context(), "superset"); err != nil {
		need.Python.Skip(t, err)
	}
	cache, err := dirs.Cache()
	if err != nil {
		t.Fatal(err)
	}
	missing, _, err := python.Of(cache).Missing(t.Context(), "spark", "superset")
	if err != nil {
		t.Fatal(err)
	}
	if len(missing) > 0 {
		need.Superset.Skip(t, fmt.Errorf("%s: not there; %s", strings.Join(missing, ", "), need.Superset.Get))
	}
	return scenario.Need(t, append(scenario.Core[:4:4], "mosquitto", "superset")...)
}

// filled returns the pipeline's steps with n generated rows in Kafka.
func filled(t *testing.T, seed uint64, n int64) (pipeline.Pipeline, *wisdm.Oracle) {
	t.Helper()
	p := stack(t).Pipeline()
	input, oracle := scenario.Rows(t, seed, n)
	scenario.Fill(t, p, input, oracle.Count())
	return p, oracle
}

// TestTwoTables asks for each chart over the join, in Superset and in the SQL engine,
// and then compares the same answers with other rows.
func TestTwoTables(t *testing.T) {
	p, oracle := filled(t, 1, 3000)
	scenario.Passed(t, dashboard.CheckInSuperset(t.Context(), p, oracle))

	_, others := scenario.Rows(t, 2, 3000)
	scenario.Fails(t, dashboard.CheckInSuperset(t.Context(), p, others), "the join of both tables")
	superset, err := dashboard.ImportSuperset(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	result := dashboard.CheckCharts(t.Context(), superset, shipped.Slug, others)
	for _, chart := range []string{"Activities", "Means of x, y and z", "Range of x by subject"} {
		scenario.Fails(t, result, chart)
	}
	if _, err := superset.Charts(t.Context(), "no-such-dashboard"); httpjson.Code(err) != http.StatusNotFound {
		t.Errorf("a dashboard that isn't there: %v", err)
	}
}

// TestMissingActivity: rows whose activity the second table lacks aren't in a join.
func TestMissingActivity(t *testing.T) {
	p, oracle := filled(t, 3, 2000)
	if err := p.ExportTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := filepath.Join(p.Shared, "files", p.Names.Index, "activities", "activities.csv")
	if err := os.WriteFile(names, []byte(strings.Replace(shipped.Activities, "A,walking\n", "", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	superset, err := dashboard.ImportSuperset(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	scenario.Fails(t, dashboard.CheckCharts(t.Context(), superset, shipped.Slug, oracle), "bucket A: is missing")
}

// TestLogin: Superset isn't open, not even with the login that its manual has.
func TestLogin(t *testing.T) {
	p := stack(t).Pipeline()
	addr, right := p.Sites.Addr("superset", "http"), p.Access["superset"]
	for _, login := range []access.Login{{}, {User: "admin", Password: access.Hide("admin")}, {User: right.User, Password: access.Hide("wrong")}} {
		if _, err := client.Login(t.Context(), addr, login); err == nil {
			t.Errorf("%s is let in", login.As())
		} else if login.User != "" && !dial.Refused(err) {
			t.Errorf("%s: %v, want a refusal", login.As(), err)
		}
	}
}
