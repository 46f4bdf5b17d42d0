package provisioning

import (
	"encoding/json"
	"fmt"
	"time"
	_ "time/tzdata" // where the machine has none

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

type dashboardJSON struct {
	UID, Title    string
	SchemaVersion int
	Timezone      string
	Time          struct{ From, To string }
	Panels        []json.RawMessage
	Templating    struct{ List []json.RawMessage }
	Annotations   struct{ List []json.RawMessage }
}

// oldestSchema is that of Grafana 8: what has changed since doesn't affect the kinds of
// panels that are read. Grafana 11 writes 39 and later. Source: grafana/grafana,
// public/app/features/dashboard/state/DashboardMigrator.ts.
const oldestSchema = 30

// reading is a dashboard being read.
type reading struct {
	*Provisioned
	file      string
	options   Options
	shown     panel.Range
	variables map[string]chosen
	ids       map[int64]string // titles
}

// errorf names the file and the part of it that is wrong.
func (r *reading) errorf(where, format string, args ...any) error {
	return fmt.Errorf("%s: %s: %w", r.file, where, fmt.Errorf(format, args...))
}

func (p *Provisioned) readDashboard(file string, text []byte, o Options) error {
	text, err := unwrap(file, text)
	if err != nil {
		return err
	}
	var d dashboardJSON
	if err := parse(file, text, &d); err != nil {
		return err
	}
	r := &reading{Provisioned: p, file: file, options: o, variables: map[string]chosen{}, ids: map[int64]string{}}
	if err := r.head(d); err != nil {
		return err
	}
	for _, v := range d.Templating.List {
		if err := r.variable(v); err != nil {
			return err
		}
	}
	before := len(p.Panels)
	for _, element := range d.Panels {
		if err := r.element(element, false); err != nil {
			return err
		}
	}
	if len(p.Panels) == before {
		return fmt.Errorf("%s: the dashboard %q has no panel", file, d.Title)
	}
	p.Dashboards = append(p.Dashboards, Dashboard{File: file, UID: d.UID, Title: d.Title, Range: r.shown, JSON: text})
	return nil
}

func (r *reading) head(d dashboardJSON) (err error) {
	switch {
	case d.UID == "" || d.Title == "":
		return r.errorf("the dashboard", "it has no uid or no title")
	case d.SchemaVersion < oldestSchema:
		return r.errorf("the dashboard", "schemaVersion is %d, want %d or later, as Grafana 11 and 12 write it", d.SchemaVersion, oldestSchema)
	case !isZone(d.Timezone):
		return r.errorf("the dashboard", "timezone %q isn't known, want utc, browser or one such as Europe/Madrid", d.Timezone)
	}
	for _, other := range r.Dashboards {
		if other.UID == d.UID {
			return r.errorf("the dashboard", "%s has the uid %q too", other.File, d.UID)
		}
	}
	if r.shown, err = readRange(d.Time.From, d.Time.To, r.options); err != nil {
		return r.errorf("time", "%w", err)
	}
	for _, a := range d.Annotations.List {
		if err := r.annotation(a); err != nil {
			return err
		}
	}
	return nil
}

// isZone: a dashboard's time zone affects how times are written, and none of the
// numbers: ranges are absolute, and intervals are fixed.
func isZone(name string) bool {
	if name == "" || name == "utc" || name == "browser" {
		return true
	}
	_, err := time.LoadLocation(name)
	return err == nil
}

// annotation accepts only annotations that Grafana keeps itself: others query a data
// source.
func (r *reading) annotation(raw json.RawMessage) error {
	var a struct {
		Name       string
		BuiltIn    text
		Datasource sourceRef
	}
	if err := json.Unmarshal(raw, &a); err != nil {
		return r.errorf("annotations", "%w", strictjson.Explain(err))
	}
	if a.BuiltIn != "1" && a.Datasource.UID != "-- Grafana --" && a.Datasource.UID != "grafana" {
		return r.errorf(fmt.Sprintf("annotation %q", a.Name), "annotations that query a data source aren't understood here; make it a panel")
	}
	return nil
}
