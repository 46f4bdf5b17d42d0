package labs

import (
	"io/fs"
	"path"

	"hoplab.example/dashboards"
	"hoplab.example/grafana"
)

// Solution reads a file of our own solution of a lab, such as tables.sql of
// 03-flink. The solutions of the labs with dashboards are the dashboards that
// hoplab comes with. label is the file's path in the repository.
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
	text, err = Files.ReadFile(file)
	return path.Join("labs", file), text, err
}

func provisioned(name string) (label string, text []byte, err error) {
	text, err = fs.ReadFile(grafana.Files(), name)
	return path.Join(grafana.Folder, name), text, err
}
