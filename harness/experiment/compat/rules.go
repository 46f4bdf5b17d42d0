package compat

import (
	"fmt"

	"hoplab.example/harness/server/esversion"
	"hoplab.example/harness/server/version"
)

// Grafana is the column of Grafana's published rule.
const Grafana = "Grafana"

// Kibana returns the column of the published rule of a version of Kibana.
func Kibana(version string) string { return "Kibana " + version }

// Kibanas returns the versions of Kibana that the stacks have, the oldest first
// as the stacks' Elasticsearch has it.
func Kibanas() []string {
	versions := map[string]string{}
	for _, s := range version.All() {
		for _, p := range s.Parts {
			if p.Name == "kibana" {
				versions[s.Name] = p.Version
			}
		}
	}
	return []string{versions["seed"], versions["classic"], versions["current"]}
}

// rules applies each published rule to the version that the node tells.
func (n *node) rules() []Cell {
	version, err := esversion.Parse(n.Elasticsearch)
	if err != nil {
		return []Cell{{Column: Grafana, Words: err.Error()}}
	}
	cells := []Cell{grafanaRule(version)}
	if !n.rooted {
		cells[0].Note = "its check of the version asks GET /, which this distribution doesn't answer; the version is that of GET /_nodes/_local"
	}
	for _, k := range Kibanas() {
		kibana, err := esversion.Parse(k)
		cell := kibanaRule(kibana, version)
		cell.Column = Kibana(k)
		if err != nil {
			cell = Cell{Column: cell.Column, Words: err.Error()}
		}
		cells = append(cells, cell)
	}
	return cells
}

// grafanaRule is what Grafana's documentation of its Elasticsearch data source
// says under "Supported Elasticsearch versions":
// https://grafana.com/docs/grafana/latest/datasources/elasticsearch/
// It lists 7.17, 8 and 9. The limit that its query builder has is 7.16:
// https://github.com/grafana/grafana/pull/66928
func grafanaRule(v esversion.Release) Cell {
	cell := Cell{Column: Grafana}
	switch {
	case v.Compare(esversion.Release{Major: 7, Minor: 16}) < 0:
		cell.Words = fmt.Sprintf("Elasticsearch %v is below 7.16, which Grafana no longer supports", v)
	case v.Compare(esversion.Release{Major: 7, Minor: 17}) < 0 || v.Major > 9:
		cell.Words = fmt.Sprintf("Elasticsearch %v is none of 7.17, 8 and 9, which Grafana's documentation names", v)
	default:
		cell.Works = true
	}
	return cell
}

// kibanaRule is what Kibana's guide says in "Set up", "Elasticsearch version":
// https://www.elastic.co/guide/en/kibana/7.17/setup.html
// Only the same version is fully supported. A newer minor of Elasticsearch works
// while one upgrades; another major or an older minor doesn't.
func kibanaRule(kibana, v esversion.Release) Cell {
	cell := Cell{}
	switch {
	case kibana.Major != v.Major:
		cell.Words = "Kibana is of another major version than Elasticsearch"
	case kibana.Minor > v.Minor:
		cell.Words = "Kibana is of a newer minor version than Elasticsearch"
	default:
		cell.Works = true
		if kibana.Minor < v.Minor {
			cell.Note = "meant for the time of an upgrade: Kibana logs a warning"
		}
	}
	return cell
}
