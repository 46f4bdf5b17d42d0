// Package provisioning reads the files with which Grafana is provisioned, data sources
// and dashboards, and makes of each panel the search that Grafana's Elasticsearch
// data source sends to draw it.
//
// What bears on a panel's numbers and isn't understood is an error, never left
// out. What only bears on looks (gridPos, fieldConfig, most of options) isn't
// read. Files are those of Grafana 11 and 12. Sources: Grafana's manual,
// "Provision Grafana", "Dashboard JSON model", "Elasticsearch query editor" and
// "Elasticsearch template variables"; for the searches grafana/grafana,
// pkg/tsdb/elasticsearch (data_query.go, client/models.go).
package provisioning

import (
	"fmt"
	"io/fs"
	"path"
	"time"

	"hoplab.example/harness/client/panel"
)

// Type is that of Grafana's Elasticsearch data source.
const Type = "elasticsearch"

// Options say how dashboards are looked at.
type Options struct {
	// Name is of the folder, for errors: files' names begin with it.
	Name string
	// Index, unless empty, takes the place of each data source's index.
	Index string
	// Shift moves the time that dashboards show.
	Shift time.Duration
	// Now is the clock of times such as now-1h. With the zero time these are
	// errors.
	Now time.Time
	// Variables has what is chosen of a dashboard's variables. One that it lacks
	// has what the file says.
	Variables map[string][]string
}

// Provisioned is what a folder provisions.
type Provisioned struct {
	Sources    []Source
	Dashboards []Dashboard
	// Panels are those of all dashboards, one a query. A panel of several
	// queries is several here; their IDs end with the query's refId.
	Panels []panel.Panel

	Variables []Variable

	// sent has what of a panel's query isn't in a panel.Panel, by key.
	sent map[string]sent
	// named are fields that no panel.Panel names.
	named []named
}

// Dashboard is one file.
type Dashboard struct {
	File, UID, Title string
	Range            panel.Range
	// JSON is the file as it is.
	JSON []byte
}

// Variable is what a viewer can choose from: the terms of a field.
type Variable struct{ File, Name, Field string }

// named is a field of the index and where it stands.
type named struct{ where, field string }

// File is one file that Grafana is provisioned with: JSON is a dashboard, YAML
// has data sources. Name is what errors call it.
type File struct {
	Name string
	Text []byte
}

// Read reads the folder that holds datasources/*.yaml and dashboards/*.json.
func Read(folder fs.FS, o Options) (*Provisioned, error) {
	var files []File
	for _, pattern := range []string{"datasources/*.y*ml", "dashboards/*.json"} {
		names, err := fs.Glob(folder, pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := fs.ReadFile(folder, name)
			if err != nil {
				return nil, fmt.Errorf("read a file of Grafana's: %w", err)
			}
			files = append(files, File{path.Join(o.Name, name), text})
		}
	}
	return ReadFiles(files, o)
}

// ReadFiles is Read for files that are in no folder of Grafana's; data sources
// come before the dashboards that name them.
func ReadFiles(files []File, o Options) (*Provisioned, error) {
	p := &Provisioned{sent: map[string]sent{}}
	for _, f := range files {
		read := p.readSources
		if path.Ext(f.Name) == ".json" {
			read = p.readDashboard
		}
		if err := read(f.Name, f.Text, o); err != nil {
			return nil, err
		}
	}
	switch {
	case len(p.Sources) == 0:
		return nil, fmt.Errorf("%s has no data source of type %s in datasources/*.yaml", nameOf(o), Type)
	case len(p.Panels) == 0:
		return nil, fmt.Errorf("%s has no panel in dashboards/*.json", nameOf(o))
	}
	return p, nil
}

func nameOf(o Options) string {
	if o.Name == "" {
		return "Grafana's folder"
	}
	return o.Name
}

// CheckMapping says which fields that stand outside of the panels aren't in an
// index with these types: those of variables, and of filters that take any
// value. panel.CheckMapping does the rest.
func (p *Provisioned) CheckMapping(types map[string]string) []string {
	var problems []string
	for _, n := range p.named {
		if _, found := types[n.field]; !found {
			problems = append(problems, fmt.Sprintf("%s: field %q isn't in the mapping of the index", n.where, n.field))
		}
	}
	return problems
}
