package compat

import (
	"hoplab.example/harness/client/grafana/provisioning"
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

// rules applies each published rule to the version that the node reports.
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

// grafanaRule is Grafana's: it refuses no version, and supports some.
func grafanaRule(v esversion.Release) Cell {
	return Cell{Column: Grafana, Works: true, Note: provisioning.Support(v)}
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
