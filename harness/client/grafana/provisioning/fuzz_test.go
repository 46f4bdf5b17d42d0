package provisioning

import (
	"strings"
	"testing"
)

// FuzzRead: whatever the files are, reading them ends with panels that can be
// asked for, or with an error that names the file.
func FuzzRead(f *testing.F) {
	sources, dashboard := testdata(f, "sources.yaml"), testdata(f, "good.json")
	f.Add(sources, dashboard)
	f.Add(sources, `{"uid": "d", "title": "D", "schemaVersion": 42, "time": {"from": "now-", "to": "now"}, "panels": [null]}`)
	f.Add(sources, strings.ReplaceAll(dashboard, `"settings": {`, `"settings": {"size": null, `))
	f.Add("datasources: [{type: elasticsearch}]", `{"panels": {}}`)
	f.Add(sources, "{\n\"uid\": \x00")
	f.Fuzz(func(t *testing.T, sources, dashboard string) {
		p, err := Read(folder(sources, dashboard), Options{Name: "files", Now: at("2024-01-02T12:00:00Z")})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "files") {
				t.Errorf("error %q names no file", err)
			}
			return
		}
		for _, q := range p.Panels {
			if _, err := p.Query(q); err != nil || len(q.Buckets) == 0 || len(q.Metrics) == 0 || !q.Range.From.Before(q.Range.To) {
				t.Errorf("%+v: %v", q, err)
			}
		}
	})
}
