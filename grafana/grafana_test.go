package grafana

import (
	"testing"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/verify/probe"
)

// TestDataSourcesHaveATime: the original lab failed here because it had no time
// field.
func TestDataSourcesHaveATime(t *testing.T) {
	text, err := Provisioning.ReadFile("provisioning/datasources/elasticsearch.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Datasources []struct {
			Name, Type string
			JSONData   struct {
				Index     string `yaml:"index"`
				TimeField string `yaml:"timeField"`
			} `yaml:"jsonData"`
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Datasources) != 1 || file.Datasources[0].Type != "elasticsearch" {
		t.Fatalf("data sources: %+v", file.Datasources)
	}
	source := file.Datasources[0].JSONData
	if kind := probe.MappingTypes[source.TimeField]; kind != "date" || source.Index != "datuak" {
		t.Errorf("index %q, time field %q, mapped as %q; want datuak and a date", source.Index, source.TimeField, kind)
	}
}

// TestProvider: Grafana reads the dashboards that a provider names. Source: its manual,
// "Provision Grafana", dashboards.
func TestProvider(t *testing.T) {
	text, err := Provisioning.ReadFile("provisioning/dashboards/hoplab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Providers []struct {
			Name, Type string
			Options    struct{ Path string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	if p := file.Providers; len(p) != 1 || p[0].Name == "" || p[0].Type != "file" || p[0].Options.Path != "$HOPLAB_DASHBOARDS" {
		t.Errorf("providers %+v, want one of files in $HOPLAB_DASHBOARDS", p)
	}
}
