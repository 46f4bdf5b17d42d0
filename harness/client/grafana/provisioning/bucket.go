package provisioning

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"hoplab.example/harness/client/panel"
)

type bucketJSON struct {
	ID, Type, Field string
	Settings        settingsJSON
	Fake            json.RawMessage // of an editor before Grafana 8
}

type settingsJSON struct {
	Interval    setting `json:"interval"`
	MinDocCount text    `json:"min_doc_count"`
	TrimEdges   text    `json:"trimEdges"`
	Offset      text    `json:"offset"`
	TimeZone    text    `json:"timeZone"`
	Size        setting `json:"size"`
	Order       text    `json:"order"`
	OrderBy     text    `json:"orderBy"`

	Missing json.RawMessage `json:"missing"`
}

// readBucket reads one of bucketAggs. A date histogram without a field uses the data
// source's time field (data_query.go, addDateHistogramAgg).
func readBucket(raw json.RawMessage, view panel.View) (panel.Bucket, bucketJSON, error) {
	var j bucketJSON
	id, kind := kindOf(raw)
	read, known := map[panel.Grouping]func(settingsJSON, *panel.Bucket) error{
		panel.DateHistogram: settingsJSON.dateHistogram, panel.Histogram: settingsJSON.histogram, panel.Terms: settingsJSON.terms,
	}[panel.Grouping(kind)]
	switch {
	case id == "":
		return panel.Bucket{}, j, fmt.Errorf("one of type %q has no id", kind)
	case !known:
		return panel.Bucket{}, j, fmt.Errorf("%s: type %q isn't understood here, want date_histogram, histogram or terms", id, kind)
	}
	if err := strict(raw, &j); err != nil {
		return panel.Bucket{}, j, err
	}
	b := panel.Bucket{ID: j.ID, By: panel.Grouping(j.Type), Field: j.Field}
	if !blank(j.Settings.Missing) {
		return b, j, fmt.Errorf(`%s %s: field "missing" isn't understood here; remove it`, j.Type, j.ID)
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

// minimum returns min_doc_count, -1 if there is none.
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
	length, calendar, err := dateInterval(string(s.Interval.text))
	switch {
	case err != nil:
		return err
	case s.TrimEdges != "" && s.TrimEdges != "0":
		return fmt.Errorf("trimEdges is %q, which leaves buckets out; remove it", s.TrimEdges)
	case s.Offset != "" && s.Offset != "0":
		return fmt.Errorf("offset is %q, which isn't understood here", s.Offset)
	case s.TimeZone != "" && s.TimeZone != "utc":
		return fmt.Errorf("timeZone is %q, which isn't understood here, want utc", s.TimeZone)
	}
	b.Interval, b.Calendar = float64(length.Milliseconds()), calendar
	return s.none("size", s.Size.text, "order", s.Order, "orderBy", s.OrderBy)
}

// dateInterval reads an interval such as 10s, or 1w, which Grafana sends as calendar_interval
// (GetCalendarIntervals in pkg/tsdb/elasticsearch; 12.2's answer to 1w). It does so with 1q
// too, which isn't read.
func dateInterval(interval string) (time.Duration, panel.Calendar, error) {
	if interval == "" || interval == "auto" || strings.HasPrefix(interval, "$") {
		return 0, "", fmt.Errorf("interval is %q: Grafana derives it from a variable, or from the panel's width on the screen, so its numbers can't be known; give a fixed one, such as 10s", interval)
	}
	if unit := panel.Calendar(interval); unit.Length() > 0 {
		return unit.Length(), unit, nil
	}
	digits := len(interval) - len(strings.TrimLeft(interval, "0123456789"))
	n, err := strconv.ParseInt(interval[:digits], 10, 32)
	unit, known := panel.Units[interval[digits:]]
	if length := time.Duration(n) * unit; err == nil && known && length > 0 && length/unit == time.Duration(n) {
		return length, "", nil
	}
	return 0, "", fmt.Errorf("interval is %q, want a number and ms, s, m, h or d, or 1w, 1M, 1y", interval)
}

// histogram reads the interval, which Grafana wants as text: it uses 1000 instead of
// a JSON number, of 0 and of what is no number. Grafana 12 takes decimals; 10.1 took
// whole numbers only. Sources: answers of 10.1, 12.2 and 12.7, and
// stringToFloatWithDefaultValue in pkg/tsdb/elasticsearch.
func (s settingsJSON) histogram(b *panel.Bucket) error {
	interval, err := strconv.ParseFloat(string(s.Interval.text), 64)
	switch {
	case s.Interval.number:
		return fmt.Errorf(`interval is the number %s: Grafana uses 1000 instead; write it as text, "%[1]s"`, s.Interval.text)
	case err != nil || !(0 < interval && interval < math.MaxFloat32):
		return fmt.Errorf("interval is %q, want a number above 0: Grafana uses 1000 instead of 0 and of what isn't a number", s.Interval.text)
	}
	b.Interval = interval
	return s.none("size", s.Size.text, "order", s.Order, "orderBy", s.OrderBy, "trimEdges", s.TrimEdges, "offset", s.Offset, "timeZone", s.TimeZone)
}

func (s settingsJSON) terms(b *panel.Bucket) error {
	if s.Size.text != "" {
		n, err := strconv.Atoi(string(s.Size.text))
		switch {
		case err != nil || n < 0:
			return fmt.Errorf("size is %q, want a whole number, 0 for all", s.Size.text)
		case n == 0 && s.Size.number:
			return fmt.Errorf(`size is the number 0, which Grafana sends as it is and Elasticsearch refuses; write it as text, "0"`)
		}
		b.Size = n
	}
	switch s.OrderBy {
	case "_key", "_term": // Grafana 12.2 writes _term; with _key its editor says "metric not found"
		b.ByKey = true
	case "_count":
	default:
		return fmt.Errorf("orderBy is %q, want _term or _count", s.OrderBy)
	}
	if s.Order != "asc" && s.Order != "desc" {
		return fmt.Errorf("order is %q, want asc or desc", s.Order)
	}
	b.Ascending, b.Empty = s.Order == "asc", s.MinDocCount == "0"
	return s.none("interval", s.Interval.text, "trimEdges", s.TrimEdges, "offset", s.Offset, "timeZone", s.TimeZone)
}

// none refuses settings that belong to other types.
func (s settingsJSON) none(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		if value := pairs[i+1].(text); value != "" {
			return fmt.Errorf("it has %s, %q, which this type doesn't have", pairs[i], value)
		}
	}
	return nil
}
