package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	shipped "hoplab.example/grafana"
	"hoplab.example/harness/client/grafana/provisioning"
	"hoplab.example/harness/client/kibana/savedobject"
	"hoplab.example/harness/client/panel"
	checks "hoplab.example/harness/flow/dashboard"
	"hoplab.example/harness/flow/pipeline"
	"hoplab.example/harness/verify/probe"
)

// dashboard is a file's panels, and the query that its program would send.
type dashboard struct {
	file, title string
	shown       panel.Range
	panels      []panel.Panel
	query       probe.Query
}

// loadDashboards reads dashboards: a file of Kibana's, which ends with .ndjson,
// or a folder that provisions Grafana. Without any it reads those that come with
// lab, over the time of the rows.
func loadDashboards(paths []string, rows panel.Range) ([]dashboard, error) {
	if len(paths) == 0 {
		file, text, err := checks.KibanaObjects(pipeline.Pipeline{Names: pipeline.NewNames("")}, rows, 7)
		if err != nil {
			return nil, err
		}
		ours, err := kibanaDashboard("dashboards/"+file, text)
		if err != nil {
			return nil, err
		}
		theirs, err := grafanaDashboards(provisioning.Options{Name: shipped.Folder, Range: rows}, shipped.Files())
		return append(ours, theirs...), err
	}
	var all []dashboard
	for _, path := range paths {
		read, err := loadDashboard(path)
		if err != nil {
			return nil, usageError{err}
		}
		all = append(all, read...)
	}
	return all, nil
}

func loadDashboard(path string) ([]dashboard, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return grafanaDashboards(provisioning.Options{Name: path}, os.DirFS(path))
	case filepath.Ext(path) != ".ndjson":
		return nil, fmt.Errorf("%s: want an export of Kibana's, which ends with .ndjson, or a folder that provisions Grafana, with datasources and dashboards in it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return kibanaDashboard(path, text)
}

func kibanaDashboard(file string, text []byte) ([]dashboard, error) {
	charts, err := savedobject.Read(file, text)
	if err != nil || len(charts) == 0 {
		return nil, err
	}
	return []dashboard{{file, "Kibana", charts[0].Range, charts, savedobject.Query}}, nil
}

func grafanaDashboards(o provisioning.Options, files fs.FS) ([]dashboard, error) {
	read, err := provisioning.Read(files, o)
	if err != nil {
		return nil, err
	}
	return grafanaPanels(read), nil
}

// grafanaPanels returns the dashboards with their panels.
func grafanaPanels(read *provisioning.Provisioned) (all []dashboard) {
	for _, d := range read.Dashboards {
		one := dashboard{file: d.File, title: "Grafana: " + d.Title, shown: d.Range, query: read.Query}
		for _, p := range read.Panels {
			if p.File == d.File {
				one.panels = append(one.panels, p)
			}
		}
		all = append(all, one)
	}
	return all
}
