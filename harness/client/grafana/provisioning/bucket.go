package provisioning

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
)

type bucketJSON struct {
	ID, Type, Field string
	Settings        settingsJSON
}

type settingsJSON struct {
	Interval    text `json:"interval"`
	MinDocCount text `json:"min_doc_count"`
	TrimEdges   text `json:"trimEdges"`
	Offset      text `json:"offset"`
	TimeZone    text `json:"timeZone"`
	Size        text `json:"size"`
	Order       text `json:"order"`
	OrderBy     text `json:"orderBy"`
}

// readBucket reads one of bucketAggs. A date histogram without a field is over
// the data source's time field.
func readBucket(raw json.RawMessage, view panel.View) (panel.Bucket, bucketJSON, error) {
	var j bucketJSON
	if err := strict(raw, &j); err != nil {
		return panel.Bucket{}, j, err
	}
	b := panel.Bucket{ID: j.ID, By: panel.Grouping(j.Type), Field: j.Field}
	read, known := map[panel.Grouping]func(settingsJSON, *panel.Bucket) error{
		panel.DateHistogram: settingsJSON.dateHistogram, panel.Histogram: settingsJSON.histogram, panel.Terms: settingsJSON.terms,
	}[b.By]
	switch {
	case j.ID == "":
		return b, j, fmt.Errorf("one of type %q has no id", j.Type)
	case !known:
		return b, j, fmt.Errorf("%s: type %q isn't understood here, want date_histogram, histogram or terms", j.ID, j.Type)
	}
	if b.Field == "" && b.By == panel.DateHistogram {
		b.Field = view.TimeField
	}
	if _, err := j.minimum(); err != nil {
		return b, j, fmt.Errorf("%s %s: %w", j.Type, j.ID, err)
	}
	if err := read(j.Settings, &b); err != nil {
		return b, j, fmt.Errorf("%s %s: %w", j.Type, j.ID, err)
	}
	return b, j, nil
}

// minimum is min_doc_count: -1 where there is none.
func (j bucketJSON) minimum() (int, error) {
	if j.Settings.MinDocCount == "" {
		return -1, nil
	}
	n, err := strconv.Atoi(string(j.Settings.MinDocCount))
	if err != nil || n < 0 || n > 1 { // buckets of one row would be left out
		return 0, fmt.Errorf("min_doc_count is %q, want 0 or 1", j.Settings.MinDocCount)
	}
	return n, nil
}

func (s settingsJSON) dateHistogram(b *panel.Bucket) error {
	millis, err := milliseconds(string(s.Interval))
	switch {
	case err != nil:
		return err
	case s.TrimEdges != "" && s.TrimEdges != "0":
		return fmt.Errorf("trimEdges is %q, which leaves buckets out; take it out", s.TrimEdges)
	case s.Offset != "" && s.Offset != "0":
		return fmt.Errorf("offset is %q, which isn't understood here", s.Offset)
	case s.TimeZone != "" && s.TimeZone != "utc":
		return fmt.Errorf("timeZone is %q, which isn't understood here, want utc", s.TimeZone)
	}
	b.Interval = float64(millis)
	return s.none("size", s.Size, "order", s.Order, "orderBy", s.OrderBy)
}

var units = map[string]int64{"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}

// milliseconds reads a fixed interval such as 10s.
func milliseconds(interval string) (int64, error) {
	if interval == "" || interval == "auto" || strings.HasPrefix(interval, "$") {
		return 0, fmt.Errorf("interval is %q: Grafana makes it of the panel's width on the screen, so that nobody can say which numbers it shows; give a fixed one, such as 10s", interval)
	}
	digits := len(interval) - len(strings.TrimLeft(interval, "0123456789"))
	n, err := strconv.ParseInt(interval[:digits], 10, 32)
	unit, known := units[interval[digits:]]
	if err != nil || !known || n <= 0 {
		return 0, fmt.Errorf("interval is %q, want a number and ms, s, m, h or d", interval)
	}
	return n * unit, nil
}

// histogram's interval is a whole number: Grafana takes 1000 for what isn't one.
func (s settingsJSON) histogram(b *panel.Bucket) error {
	n, err := strconv.Atoi(string(s.Interval))
	if err != nil || n <= 0 {
		return fmt.Errorf("interval is %q; Grafana takes a whole number above 0, and 1000 in the place of anything else", s.Interval)
	}
	b.Interval = float64(n)
	return s.none("size", s.Size, "order", s.Order, "orderBy", s.OrderBy, "trimEdges", s.TrimEdges, "offset", s.Offset, "timeZone", s.TimeZone)
}

func (s settingsJSON) terms(b *panel.Bucket) error {
	if s.Size != "" {
		n, err := strconv.Atoi(string(s.Size))
		if err != nil || n < 0 {
			return fmt.Errorf("size is %q, want a whole number, 0 for all", s.Size)
		}
		b.Size = n
	}
	switch s.OrderBy {
	case "_key", "_term": // the latter until Grafana 8
		b.ByKey = true
	case "_count":
	default:
		return fmt.Errorf("orderBy is %q, want _key or _count", s.OrderBy)
	}
	if s.Order != "asc" && s.Order != "desc" {
		return fmt.Errorf("order is %q, want asc or desc", s.Order)
	}
	b.Ascending = s.Order == "asc"
	return s.none("interval", s.Interval, "trimEdges", s.TrimEdges, "offset", s.Offset, "timeZone", s.TimeZone)
}

// none reports settings that another type has.
func (s settingsJSON) none(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if value := pairs[i+1].(text); value != "" {
			return fmt.Errorf("it has %s, %q, which this type doesn't know", pairs[i], value)
		}
	}
	return nil
}
