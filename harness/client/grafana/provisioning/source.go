package provisioning

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/client/panel"
)

// Source is a data source of type elasticsearch.
type Source struct {
	File, Name, UID string
	// URL is as in the file; environment variables aren't filled in.
	URL string
	// Index and TimeField say what is shown.
	Index, TimeField string
	// Default: panels that name no data source use it.
	Default bool
}

// view returns the data source as panels know it.
func (s Source) view() panel.View {
	return panel.View{Name: fmt.Sprintf("data source %q", s.UID), Index: s.Index, TimeField: s.TimeField}
}

type sourceYAML struct {
	Name, UID, Type, URL, Database string
	IsDefault                      bool `yaml:"isDefault"`
	JSONData                       struct {
		Index     string `yaml:"index"`
		TimeField string `yaml:"timeField"`
		Interval  string `yaml:"interval"`
	} `yaml:"jsonData"`
}

// readSources reads a file of data sources; those of other types are left out.
// Source: Grafana's manual, "Configure the Elasticsearch data source",
// provisioning. Before Grafana 10 the index was in database (grafana/grafana, pull
// requests 62808 and 66828).
func (p *Provisioned) readSources(file string, text []byte, o Options) error {
	var list struct{ Datasources []sourceYAML }
	if err := yaml.Unmarshal(text, &list); err != nil {
		return fmt.Errorf("%s: it isn't valid YAML of data sources: %w", file, err)
	}
	for _, y := range list.Datasources {
		if y.Type != Type {
			continue
		}
		if y.JSONData.Index == "" {
			y.JSONData.Index = y.Database
		}
		if err := p.addSource(file, y, o); err != nil {
			return err
		}
	}
	return nil
}

func (p *Provisioned) addSource(file string, y sourceYAML, o Options) error {
	s := Source{File: file, Name: y.Name, UID: y.UID, URL: y.URL, Index: y.JSONData.Index, TimeField: y.JSONData.TimeField, Default: y.IsDefault}
	problem := func(format string, args ...any) error {
		return fmt.Errorf("%s: data source %q: %s", file, y.Name, fmt.Sprintf(format, args...))
	}
	switch _, twice := p.source(s.UID); {
	case s.UID == "":
		return problem("it has no uid; give it one, because dashboards refer to it by uid")
	case twice:
		return problem("another one has the uid %q too", s.UID)
	case s.Index == "":
		return problem("it has no jsonData.index, so Grafana would query all indices; name the index")
	case s.TimeField == "":
		return problem("it has no jsonData.timeField, without which Grafana's test of it and every panel fail; name a field that is mapped as a date")
	case y.JSONData.Interval != "":
		return problem("jsonData.interval is %q: index names with dates aren't understood here; leave it out", y.JSONData.Interval)
	}
	if o.Index != "" {
		s.Index = o.Index
	}
	p.Sources = append(p.Sources, s)
	return nil
}

func (p *Provisioned) source(uid string) (Source, bool) {
	return p.sourceWith(func(s Source) bool { return s.UID == uid })
}

func (p *Provisioned) sourceWith(is func(Source) bool) (Source, bool) {
	if i := slices.IndexFunc(p.Sources, is); i >= 0 {
		return p.Sources[i], true
	}
	return Source{}, false
}

// sourceRef names a data source: by type and uid, or, before schema 33, by its name
// alone (DashboardMigrator.ts). A uid may be a variable.
type sourceRef struct{ Type, UID, name string }

// UnmarshalJSON takes both forms.
func (s *sourceRef) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &s.name) == nil {
		return nil
	}
	type plain sourceRef
	return json.Unmarshal(text, (*plain)(s))
}

// mixed is the data source of a panel whose queries name theirs.
const mixed = "-- Mixed --"

// expression is the type of what stands for a data source in an expression. Source:
// grafana/grafana, pkg/expr/service.go, DatasourceType.
const expression = "__expr__"

// find returns the data source that the first of some references names, or the default
// one. A name stands for a uid that isn't there. Source: grafana/grafana,
// public/app/features/plugins/datasource_srv.ts, getInstanceSettings.
func (r *reading) find(refs ...*sourceRef) (Source, error) {
	for _, ref := range refs {
		if ref == nil || ref.UID == mixed || ref.name == mixed || *ref == (sourceRef{}) || ref.name == "default" {
			continue
		}
		name := ref.UID + ref.name
		if ref.Type == expression {
			return Source{}, fmt.Errorf("it is an expression, which Grafana itself computes from the other queries: that isn't understood here; hide it or remove it")
		}
		if ref.Type != "" && ref.Type != Type {
			return Source{}, fmt.Errorf("its datasource is of type %q, want %s", ref.Type, Type)
		}
		if c, found := r.variables[strings.Trim(name, "${}")]; found && strings.HasPrefix(name, "$") {
			name = c.text("raw")
		}
		if strings.HasPrefix(name, "${DS_") {
			return Source{}, fmt.Errorf("its datasource is %s: the dashboard was exported for sharing; choose your data source, or export it again without sharing", name)
		}
		found, known := r.sourceWith(func(s Source) bool { return s.UID == name })
		if !known {
			found, known = r.sourceWith(func(s Source) bool { return s.Name == name })
		}
		if !known {
			return Source{}, fmt.Errorf("no data source has the uid or the name %q", name)
		}
		return found, nil
	}
	if found, known := r.sourceWith(func(s Source) bool { return s.Default }); known {
		return found, nil
	}
	return Source{}, fmt.Errorf("it names no datasource, and none has isDefault")
}
