package provisioning

import (
	"fmt"

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
}

// view returns the data source as panels know it.
func (s Source) view() panel.View {
	return panel.View{Name: fmt.Sprintf("data source %q", s.UID), Index: s.Index, TimeField: s.TimeField}
}

type sourceYAML struct {
	Name, UID, Type, URL, Database string
	JSONData                       struct {
		Index     string `yaml:"index"`
		TimeField string `yaml:"timeField"`
		Interval  string `yaml:"interval"`
	} `yaml:"jsonData"`
}

// readSources reads a file of data sources; those of other types are left out.
// Source: Grafana's manual, "Configure the Elasticsearch data source",
// provisioning. The index was in database before Grafana 9.
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
	s := Source{File: file, Name: y.Name, UID: y.UID, URL: y.URL, Index: y.JSONData.Index, TimeField: y.JSONData.TimeField}
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
	for _, s := range p.Sources {
		if s.UID == uid {
			return s, true
		}
	}
	return Source{}, false
}
