// Package savedobject reads an export of Kibana's saved objects (ndjson), and builds
// panels from the charts on its dashboards, and the searches that Kibana 7.17 sends
// for them. It needs no Kibana: it finds a broken dashboard where none can run.
//
// It reads Kibana's own charts ("aggregation based" in its menu). Anything that it
// doesn't understand, such as Lens, is an error and never ignored.
//
// Sources: Kibana's guide, "Import objects API" and "Export objects API", for
// the file; src/plugins/{visualizations,dashboard,data}/common of
// github.com/elastic/kibana at 7.17 for what an object and a search hold.
package savedobject

import (
	"errors"
	"fmt"
	"time"

	"hoplab.example/harness/client/panel"
)

// Major is the newest Kibana whose exports are read by default: that of hoplab's own
// dashboards.
const Major = 7

// Reader says how to read an export.
type Reader struct {
	// Now is the clock for times such as now-15m; zero for the present.
	Now time.Time
	// Major is the version of the Kibana that the export is for, 0 for the constant
	// Major. It refuses files of newer ones.
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
	if r.Major == 0 {
		r.Major = Major
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
	errs = append(errs, e.unused())
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	return charts, controls, nil
}

// unused reports that there is no dashboard, or a visualization that isn't on one and
// so has no time range.
func (e *export) unused() error {
	var errs []error
	dashboards := 0
	for _, o := range e.objects {
		switch {
		case o.Type == dashboardType:
			dashboards++
		case o.Type == visualizationType && !o.used:
			errs = append(errs, o.errorf("it isn't on a dashboard, so it has no time range; put it on one, or leave it out of the export"))
		}
	}
	if dashboards == 0 {
		return fmt.Errorf("%s: it has no dashboard; export one with its related objects", e.file)
	}
	return errors.Join(errs...)
}
