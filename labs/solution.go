package labs

import (
	"io/fs"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoplab.example/dashboards"
	"hoplab.example/grafana"
)

// Solution reads a file of our own solution of a lab, such as tables.sql of
// 03-flink. The solutions of the labs with dashboards are the dashboards that
// hoplab comes with. label is the file's path in the repository. What differs between
// students has the value with which hoplab uses the file.
func Solution(lab, name string) (label string, text []byte, err error) {
	switch path.Join(lab, name) {
	case "05-kibana/kibana-7.ndjson":
		return "dashboards/kibana-7.ndjson", dashboards.Kibana7, nil
	case "06-grafana/datasource.yaml":
		return provisioned("datasources/elasticsearch.yaml")
	case "06-grafana/dashboard.json":
		return provisioned("dashboards/hoplab.json")
	}
	file := path.Join(lab, "solution", name)
	if text, err = Files.ReadFile(file); err == nil {
		text, err = ours(lab, text)
	}
	return path.Join("labs", file), text, err
}

// ours fills in the values that are ours in place of a student's. What is above this
// package reads the whole lab.yaml; the pipeline, below, needs these values alone.
func ours(lab string, text []byte) ([]byte, error) {
	definition, err := Files.ReadFile(path.Join(lab, "lab.yaml"))
	if err != nil {
		return nil, err
	}
	var l struct{ Ours map[string]string }
	if err := yaml.Unmarshal(definition, &l); err != nil {
		return nil, err
	}
	return []byte(Chosen(string(text), l.Ours)), nil
}

// Chosen fills values of choices into a text that names them as ${name}.
func Chosen(text string, values map[string]string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "${"+name+"}", value)
	}
	return text
}

// steps are where a dashboard of ours has a value that differs between students, and as
// what a lab knows that: dashboards are used as they are, so they name no choice.
var steps = map[string][2]string{
	"05-kibana/kibana-7.ndjson": {`\"field\":\"y\",\"interval\":1}`, `\"field\":\"y\",\"interval\":${step}}`},
	"06-grafana/dashboard.json": {`"interval": "1",`, `"interval": "${step}",`},
}

// Choosable returns a file of a solution in which all that differs between students is named
// as ${name}, also where a file of ours has a value.
func Choosable(lab, name string, text []byte) string {
	if step, ok := steps[path.Join(lab, name)]; ok {
		return strings.Replace(string(text), step[0], step[1], 1)
	}
	return string(text)
}

func provisioned(name string) (label string, text []byte, err error) {
	text, err = fs.ReadFile(grafana.Files(), name)
	return path.Join(grafana.Folder, name), text, err
}
