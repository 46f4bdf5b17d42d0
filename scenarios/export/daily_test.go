package export

import (
	"net/http"
	"testing"

	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/scenario"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/verify/probe"
)

// TestAnIndexADay writes into one index per day of event time, which lab 4's template
// covers too, and reads all of them by a pattern, as Kibana and Grafana would. A data
// stream would not do: it takes only new documents (Elasticsearch's guide, "Data streams",
// append-only), and a replay writes the same ones again.
func TestAnIndexADay(t *testing.T) {
	p := need(t)
	input, oracle := scenario.Rows(t, 3, 500)
	scenario.Fill(t, p, input, oracle.Count())
	if err := p.PutTemplate(t.Context()); err != nil {
		t.Fatal(err)
	}
	const day = "2023.11.14"
	t.Cleanup(func() { removeIndex(t, p, p.Names.Index+"-"+day) })
	index := "'" + p.Names.Index
	statements := solution(t, p, index+"'", index+"-{@timestamp|yyyy.MM.dd}'")
	every, err := probe.NewElastic(p.Elasticsearch(), p.Access["elasticsearch"], p.Names.Index+"-*")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a replay leaves no duplicate
		run(t, p, statements, oracle.Count(), every, oracle.Count())
		scenario.Passed(t, every.Check(t.Context(), oracle))
	}
	one, err := probe.NewElastic(p.Elasticsearch(), p.Access["elasticsearch"], p.Names.Index+"-"+day)
	if err != nil {
		t.Fatal(err)
	}
	scenario.Passed(t, one.Check(t.Context(), oracle))
}

// removeIndex removes an index that isn't one of the run's names.
func removeIndex(t *testing.T, p pipeline.Pipeline, index string) {
	login := p.Access["elasticsearch"]
	req, err := http.NewRequest(http.MethodDelete, dial.URL(login, p.Elasticsearch())+"/"+index, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := dial.Client(login).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("remove index %s: %s", index, res.Status)
	}
}
