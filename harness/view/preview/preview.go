// Package preview draws a dashboard's panels where neither Kibana nor Grafana runs:
// each panel as an SVG or PNG file, and whole dashboards as one HTML page that needs
// nothing else. The drawings are hoplab's own, and say so; the numbers are
// Elasticsearch's.
package preview

import (
	"path/filepath"
	"strings"

	"hoplab.example/harness/client/panel"
)

// Label is printed on every page.
const Label = "Preview: drawn by hoplab from Elasticsearch, not by Kibana or Grafana"

// Dashboard has the panels of one file.
type Dashboard struct {
	File, Title string
	Range       panel.Range
	Panels      []Drawn
}

// Drawn is a panel with Elasticsearch's answer.
type Drawn struct {
	Panel panel.Panel
	Table panel.Table
	// Checked: the table was compared with the oracle. Problems says where it
	// differs, or why there is no table.
	Checked  bool
	Problems []string
}

// Passed reports whether the panel was checked and is right.
func (d Drawn) Passed() bool { return d.Checked && len(d.Problems) == 0 }

// FileName returns a name made of the dashboard's file and the panel's ID, with only
// characters that every file system allows. extension is, for example, ".svg".
func FileName(p panel.Panel, extension string) string {
	base := filepath.Base(filepath.ToSlash(p.File))
	return plain(strings.TrimSuffix(base, filepath.Ext(base))) + "-" + plain(p.ID) + extension
}

func plain(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '_':
			return r
		}
		return '-'
	}, name)
	if len(safe) > 80 { // many file systems end at 255
		safe = safe[:80]
	}
	if safe == "" {
		return "panel"
	}
	return safe
}
