// Package grafana holds Grafana's provisioning files: the data source for the index
// that lab 4 fills, and a dashboard. Put the folder provisioning where
// Grafana looks (GF_PATHS_PROVISIONING), with ELASTICSEARCH_HTTP set to HOST:PORT
// and HOPLAB_DASHBOARDS to the folder provisioning/dashboards.
package grafana

import (
	"embed"
	"io/fs"
)

// Provisioning holds the folder provisioning.
//
//go:embed provisioning
var Provisioning embed.FS

// Folder is the name of Provisioning's folder in messages.
const Folder = "grafana/provisioning"

// Files returns the folder provisioning, with datasources and dashboards.
func Files() fs.FS {
	sub, err := fs.Sub(Provisioning, "provisioning")
	if err != nil { // impossible: the name is valid
		panic(err)
	}
	return sub
}
