// Package savedobject reads an export of Kibana's saved objects (ndjson), and builds
// panels from the charts on its dashboards, and the searches that Kibana 7.17 sends
// for them. It needs no Kibana: it finds a broken dashboard where none can run.
//
// It reads charts that are made with Lens, and those that are "aggregation based" in
// Kibana's menu. What it doesn't understand of a dashboard's panels is an error and never
// ignored; objects that are on no dashboard don't matter.
//
// Sources: Kibana's guide, "Import objects API" and "Export objects API", for
// the file; src/plugins/{visualizations,dashboard,data}/common of
// github.com/elastic/kibana at 7.17 for what an object and a search hold.
package savedobject

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"hoplab.example/harness/client/panel"
)

// Reader says how to read an export.
type Reader struct {
	// Now is the clock for times such as now-15m; zero for the present.
	Now time.Time
	// Major is the version of the Kibana that the export is for, which refuses files of
	// newer ones; 0 for any.
	Major int
}

// Read returns the charts of all dashboards in an export, in their order there. Its
// errors name file and line, the object, and what is wrong with it; there may be
// several, joined.
func Read(file string, text []byte) ([]panel.Panel, error) {
	charts, _, err := Reader{}.Read(file, text)
	return charts, err
}

// Read returns the charts and the controls of all dashboards.
func (r Reader) Read(file string, text []byte) (charts, controls []panel.Panel, err error) {
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	e, err := r.parse(file, text)
	if err != nil {
		return nil, nil, err
	}
	var errs []error
	for _, o := range e.objects {
		if o.Type != dashboardType {
			continue
		}
		found, err := e.dashboard(o)
		charts, controls, errs = append(charts, found.charts...), append(controls, found.controls...), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	if !slices.ContainsFunc(e.objects, func(o *object) bool { return o.Type == dashboardType }) {
		return nil, nil, fmt.Errorf("%s: it has no dashboard; export one with its related objects", file)
	}
	return charts, controls, nil
}
