// Package provisioning reads the files with which Grafana is provisioned, data
// sources and dashboards, and builds for each panel the search that Grafana's
// Elasticsearch data source sends to draw it.
//
// Anything that affects a panel's numbers and isn't understood is an error, never
// ignored. Anything that only affects looks (gridPos, fieldConfig, most of options)
// isn't read. Files are those of Grafana 8 to 13. Sources: Grafana's manual,
// "Provision Grafana", "Dashboard JSON model", "Elasticsearch query editor" and
// "Elasticsearch template variables"; for the searches grafana/grafana,
// pkg/tsdb/elasticsearch (data_query.go, client/models.go).
package provisioning

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"time"

	"hoplab.example/harness/client/panel"
)

// Type is the type of Grafana's Elasticsearch data source.
const Type = "elasticsearch"

// Options say how dashboards are viewed.
type Options struct {
	// Name is the folder's, for errors: files' names begin with it.
	Name string
	// Index, unless empty, replaces each data source's index.
	Index string
	// Range, unless zero, replaces dashboards' time ranges.
	Range panel.Range
	// Now is the clock for times such as now-1h; zero for the present.
	Now time.Time
	// Variables has the chosen values of a dashboard's variables. Other variables
	// have the file's values.
	Variables map[string][]string
}

// Provisioned is the content of a folder.
type Provisioned struct {
	Sources    []Source
	Dashboards []Dashboard
	// Panels are those of all dashboards, one per query. A panel with several
	// queries is several here, whose IDs end with the query's refId.
	Panels []panel.Panel

	Variables []Variable

	// sent has the parts of a panel's query that a panel.Panel hasn't, by key.
	sent map[string]sent
	// named are fields that no panel.Panel has.
	named []named
}

// Dashboard is one file.
type Dashboard struct {
	File, UID, Title string
	Range            panel.Range
	// JSON is the dashboard as in the file.
	JSON []byte
}

// Variable offers the terms of a field to choose from.
type Variable struct{ File, Name, Field string }

// named is a field of the index, and where it is used.
type named struct{ where, field string }

// File is one provisioning file: JSON is a dashboard, YAML has data sources. Name is
// for errors.
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

// ReadFiles is Read for files that aren't in a folder of Grafana's. Data sources must
// come before the dashboards that use them.
func ReadFiles(files []File, o Options) (*Provisioned, error) {
	p := &Provisioned{sent: map[string]sent{}}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	for _, f := range files {
		read := p.readSources
		if path.Ext(f.Name) == ".json" {
			read = p.readDashboard
		}
		if err := read(f.Name, bytes.TrimPrefix(f.Text, []byte("\ufeff")), o); err != nil {
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

// CheckMapping reports which fields used outside of the panels an index with these
// types doesn't have: those of variables, and of filters that accept any value.
// panel.CheckMapping does the rest.
func (p *Provisioned) CheckMapping(types map[string]string) []string {
	var problems []string
	for _, n := range p.named {
		if _, found := types[n.field]; !found {
			problems = append(problems, fmt.Sprintf("%s: field %q isn't in the mapping of the index", n.where, n.field))
		}
	}
	return problems
}
