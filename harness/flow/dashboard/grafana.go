package dashboard

import (
	"context"
	"io/fs"
	"strings"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/esversion"
	"hoplab.example/harness/verify/hop"
	"hoplab.example/harness/verify/probe"
)

// CheckGrafana checks what Grafana would show of the run's index: each panel of
// the shipped dashboard, over the time of the oracle's rows, must show what the oracle
// says. Grafana itself isn't needed.
func CheckGrafana(ctx context.Context, p pipeline.Pipeline, oracle *wisdm.Oracle) hop.Result {
	return CheckGrafanaFiles(ctx, p, shipped.Files(), oracle, provisioning.Options{Name: shipped.Folder, Index: p.Names.Index, Range: Around(oracle)})
}

// CheckGrafanaFiles is CheckGrafana with the files of a folder that holds
// datasources and dashboards.
func CheckGrafanaFiles(ctx context.Context, p pipeline.Pipeline, folder fs.FS, oracle *wisdm.Oracle, o provisioning.Options) hop.Result {
	files, err := provisioning.Read(folder, o)
	if err != nil {
		return hop.Result{Hop: hop.Grafana, Expected: oracle.Count(), Outcome: hop.Failed, Detail: err.Error()}
	}
	return CheckProvisioned(ctx, p, files, oracle)
}

// CheckProvisioned is CheckGrafana with files that are read already.
func CheckProvisioned(ctx context.Context, p pipeline.Pipeline, files *provisioning.Provisioned, oracle *wisdm.Oracle) hop.Result {
	node, err := esversion.Ask(ctx, p.Elasticsearch(), p.Access["elasticsearch"])
	if err != nil {
		return hop.Errored(hop.Grafana, oracle.Count(), err)
	}
	release, err := esversion.Parse(node.Version)
	if err != nil {
		return hop.Errored(hop.Grafana, oracle.Count(), err)
	}
	elastic, err := p.ElasticProbe()
	if err != nil {
		return hop.Errored(hop.Grafana, oracle.Count(), err)
	}
	result := elastic.CheckPanels(ctx, hop.Grafana, drawn(p, files.Panels, oracle), files.Query, oracle)
	result = checkNamed(ctx, elastic, files, result)
	if note := provisioning.Support(release); note != "" {
		result.Detail = strings.TrimPrefix(result.Detail+"\n"+note, "\n")
	}
	return result
}

// checkNamed adds to a result the fields that dashboards name outside their panels
// and that the index lacks.
func checkNamed(ctx context.Context, elastic *probe.Elastic, files *provisioning.Provisioned, result hop.Result) hop.Result {
	exists, err := elastic.Exists(ctx)
	if result.Outcome == hop.Error || err != nil || !exists {
		return result // it reports that already
	}
	types, err := elastic.Mapping(ctx)
	if err != nil {
		return hop.Errored(hop.Grafana, result.Expected, err)
	}
	problems := files.CheckMapping(types)
	if len(problems) == 0 {
		return result
	}
	if result.Outcome == hop.Failed {
		problems = append(problems, result.Detail)
	}
	result.Outcome, result.Detail = hop.Failed, strings.Join(problems, "\n")
	return result
}
