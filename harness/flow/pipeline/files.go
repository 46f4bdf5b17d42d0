package pipeline

import (
	"io/fs"
	"path"

	"hoplab.example/dashboards"
	"hoplab.example/grafana"
	"hoplab.example/labs"
)

// KibanaFile is what errors call the dashboard that hoplab comes with.
const KibanaFile = "dashboards/kibana-7.ndjson"

// Files reads a file of a lab, such as tables.sql of 03-flink. label is what
// errors call it.
type Files func(lab, name string) (label string, text []byte, err error)

// Solutions reads our own solution's file. Those of the labs with dashboards are
// the dashboards that hoplab comes with.
func Solutions(lab, name string) (label string, text []byte, err error) {
	file := path.Join(lab, "solution", name)
	switch path.Join(lab, name) {
	case lab5 + "/kibana-7.ndjson":
		return KibanaFile, dashboards.Kibana7, nil
	case lab6 + "/datasource.yaml":
		return provisioned("datasources/elasticsearch.yaml")
	case lab6 + "/dashboard.json":
		return provisioned("dashboards/hoplab.json")
	}
	text, err = labs.Files.ReadFile(file)
	return "labs/" + file, text, err
}

// Folder of each lab that has a part in the pipeline.
const (
	lab2 = "02-bridge"
	lab3 = "03-flink"
	lab4 = "04-export"
	lab5 = "05-kibana"
	lab6 = "06-grafana"
)

func provisioned(name string) (label string, text []byte, err error) {
	text, err = fs.ReadFile(grafana.Files(), name)
	return path.Join(grafana.Folder, name), text, err
}

// read returns a file of a lab: a student's, where the run is of one.
func (p Pipeline) read(lab, name string) (label string, text []byte, err error) {
	if p.Files == nil {
		return Solutions(lab, name)
	}
	return p.Files(lab, name)
}

// filled returns a file that isn't SQL, with its parameters filled in.
func (p Pipeline) filled(lab, name string) (label, text string, err error) {
	label, raw, err := p.read(lab, name)
	if err != nil {
		return label, "", err
	}
	text, err = p.Fill(label, string(raw))
	return label, text, err
}

// Fill fills this run's parameters into a text that isn't SQL. file is what
// errors call it.
func (p Pipeline) Fill(file, text string) (string, error) { return fill(file, text, p.Params()) }
