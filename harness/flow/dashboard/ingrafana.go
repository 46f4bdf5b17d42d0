package dashboard

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"

	shipped "hoplab.example/grafana"
	client "hoplab.example/harness/client/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/verify/hop"
)

// CheckInGrafana is CheckGrafana through a Grafana that runs: it installs the
// files there under names of the run's own, sends each panel's query through it,
// and removes them.
func CheckInGrafana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) (result hop.Result) {
	errored := func(err error) hop.Result { return hop.Errored(hop.Grafana, oracle.Count(), err) }
	files, err := provisioning.Read(shipped.Files(), provisioning.Options{Name: shipped.Folder, Index: p.Names.Index, Range: Around(oracle)})
	if err != nil {
		return errored(err)
	}
	c := Grafana(p)
	health, err := c.Health(ctx)
	if err != nil {
		return errored(err)
	}
	login := p.Access["elasticsearch"]
	made, err := c.Install(ctx, files, client.Target{
		Suffix: grafanaSuffix(p), URL: dial.URL(login, p.Sites.Peer("elasticsearch", "http")), Login: login,
	})
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeLimit)
		defer cancel()
		if err := c.Remove(ctx, made); err != nil && result.Outcome == hop.Passed {
			result = errored(err)
		}
	}()
	if err != nil {
		return errored(err)
	}
	if elastic, err := p.ElasticProbe(); err != nil {
		return errored(err)
	} else if _, err := elastic.Count(ctx); err != nil { // it refreshes, or the last rows may be missing
		return errored(err)
	}
	files.Panels = drawn(p, files.Panels, oracle)
	most, problems, err := c.ComparePanels(ctx, files, made, oracle)
	if err != nil {
		return errored(fmt.Errorf("%w (its version is %q; answers are read as Grafana 10.1 and 12.2 give them)", err, health.Version))
	}
	return judged(len(files.Panels), most, problems, oracle)
}

// judged makes a result of what Grafana has answered to some panels.
func judged(panels int, most int64, problems []string, oracle *wisdm.Oracle) hop.Result {
	result := hop.Result{
		Hop: hop.Grafana, Expected: oracle.Count(), Actual: most, Outcome: hop.Passed,
		Detail: fmt.Sprintf("Grafana's answers to %d panels are what the rows say", panels),
	}
	if len(problems) > 0 {
		result.Outcome, result.Detail = hop.Failed, strings.Join(problems, "\n")
	}
	return result
}

// Grafana returns a client of the stack's Grafana.
func Grafana(p pipeline.Pipeline) *client.Client {
	return client.New(p.Sites.Addr("grafana", "http"), p.Access["grafana"])
}

// grafanaSuffix is made of the index's name, which may be longer than Grafana
// lets a uid be.
func grafanaSuffix(p pipeline.Pipeline) string {
	sum := fnv.New32a()
	sum.Write([]byte(p.Names.Index))
	return fmt.Sprintf("-%08x", sum.Sum32())
}
