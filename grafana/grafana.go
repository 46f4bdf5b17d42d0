// Package grafana holds Grafana's provisioning files: the data source of the index
// that lab 4 fills, and a dashboard of it. Put the folder provisioning where
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

// Folder is what Provisioning's folder is called in messages.
const Folder = "grafana/provisioning"

// Files returns the folder provisioning, with datasources and dashboards.
func Files() fs.FS {
	sub, err := fs.Sub(Provisioning, "provisioning")
	if err != nil { // the name is a valid one
		panic(err)
	}
	return sub
}
