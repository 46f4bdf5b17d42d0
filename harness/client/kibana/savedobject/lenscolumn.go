package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// lensColumn is a bucket or a metric.
type lensColumn struct {
	Label, OperationType, SourceField      string
	IsBucketed                             bool
	Filter                                 *struct{ Query, Language string }
	TimeShift, TimeScale, ReducedTimeRange string
	Params                                 lensParams
	CustomLabel                            bool
}

// lensParams are those of all operations that are read. Those of type RawMessage don't
// affect what is compared.
type lensParams struct {
	Format, ParentFormat, EmptyAsNull, IncludeEmptyRows, AccuracyMode json.RawMessage
	// of date histograms
	Interval                      string
	IgnoreTimeRange, DropPartials bool
	// of terms
	Size    *int
	OrderBy struct {
		Type, ColumnID string
		Fallback       bool
	}
	OrderDirection                 string
	OrderAgg                       json.RawMessage
	OtherBucket, MissingBucket     bool
	Include, Exclude               []any
	IncludeIsRegex, ExcludeIsRegex json.RawMessage
	SecondaryFields                []string
	// of intervals
	Type    string
	MaxBars any
	Ranges  json.RawMessage
	// of percentiles
	Percentile *float64
}

// UnmarshalJSON reads the operations that fill knows, and of the others only what names
// them.
func (c *lensColumn) UnmarshalJSON(text []byte) error {
	var head struct {
		Label, OperationType, SourceField, TimeShift, TimeScale, ReducedTimeRange string
		IsBucketed, CustomLabel                                                   bool
		Filter                                                                    *struct{ Query, Language string }
		Params                                                                    json.RawMessage
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return err
	}
	*c = lensColumn{Label: head.Label, OperationType: head.OperationType, SourceField: head.SourceField, IsBucketed: head.IsBucketed,
		Filter: head.Filter, TimeShift: head.TimeShift, TimeScale: head.TimeScale, ReducedTimeRange: head.ReducedTimeRange, CustomLabel: head.CustomLabel}
	if _, known := operations[head.OperationType]; !known || len(head.Params) == 0 {
		return nil
	}
	if err := strictjson.Unmarshal(head.Params, &c.Params); err != nil {
		return fmt.Errorf("column %q (%s): %w", head.Label, head.OperationType, err)
	}
	return nil
}

// operations are Lens's names, until 7.12 and since (commonRenameOperationsForFormula of
// its migrations), and Elasticsearch's.
var operations = map[string]string{
	"count": "count", "average": "avg", "avg": "avg", "min": "min", "max": "max", "sum": "sum",
	"unique_count": "cardinality", "cardinality": "cardinality", "median": "percentiles", "percentile": "percentiles",
	"date_histogram": "date_histogram", "terms": "terms", "range": "histogram",
}

// fill gives a panel the buckets and metrics of a layer. Aggregations have their place
// in the layer as id. Source: x-pack/plugins/lens/public, to_expression.ts of the data
// source form_based, as indexpattern_datasource is called since 8.5.
func (l lensLayer) fill(p *panel.Panel) error {
	if l.Sampling != 0 && l.Sampling != 1 {
		return errors.New("it shows a sample of the rows")
	}
	if l.IgnoreGlobalFilters {
		return errors.New("it ignores the dashboard's filters")
	}
	for _, name := range l.ColumnOrder {
		if c := l.Columns[name]; operations[c.OperationType] == "" {
			return fmt.Errorf("column %q (%s): this function isn't understood", c.Label, c.OperationType)
		}
	}
	for i, name := range l.ColumnOrder {
		c := l.Columns[name]
		if err := l.column(p, strconv.Itoa(i), c); err != nil {
			return fmt.Errorf("column %q (%s): %w", c.Label, c.OperationType, err)
		}
	}
	if len(p.Metrics) == 0 {
		return errors.New("it has no metric")
	}
	return nil
}

func (l lensLayer) column(p *panel.Panel, id string, c lensColumn) error {
	kind := operations[c.OperationType]
	switch {
	case c.Filter != nil && c.Filter.Query != "":
		return fmt.Errorf("a filter of its own, %q, isn't understood; filter the panel", c.Filter.Query)
	case c.TimeShift+c.TimeScale+c.ReducedTimeRange != "":
		return errors.New("shifted, scaled or reduced times aren't understood")
	case c.IsBucketed:
		return l.bucket(p, id, kind, c)
	}
	m := panel.Metric{ID: id, Of: panel.Statistic(kind), Field: c.SourceField}
	if c.CustomLabel {
		m.Label = c.Label
	}
	switch {
	case m.Of == panel.Count:
		m.Field = ""
	case c.OperationType == "median":
		m.Percent = 50
	case c.OperationType == "percentile" && c.Params.Percentile == nil:
		return errors.New("it names no percentile")
	case c.OperationType == "percentile":
		m.Percent = *c.Params.Percentile
	}
	p.Metrics = append(p.Metrics, m)
	return nil
}

func (l lensLayer) bucket(p *panel.Panel, id, kind string, c lensColumn) error {
	b := panel.Bucket{ID: id, By: panel.Grouping(kind), Field: c.SourceField}
	var err error
	switch by := c.Params; b.By {
	case panel.DateHistogram:
		if by.IgnoreTimeRange || by.DropPartials {
			return errors.New("another time than the dashboard's, or bars left out at the ends, aren't understood")
		}
		err = setDates(&b, by.Interval, p.Range.To.Sub(p.Range.From), true)
	case panel.Histogram:
		if by.Type != "histogram" {
			return errors.New("custom ranges aren't understood")
		}
		b.Fit = panel.Fit{Auto: true, Bars: float64(maxBars-1) / 2}
		if bars, given := by.MaxBars.(float64); given {
			b.Fit.Bars = min(bars, maxBars)
		}
	case panel.Terms:
		err = l.terms(&b, by)
	default:
		err = errors.New("it isn't a bucket")
	}
	p.Buckets = append(p.Buckets, b)
	return err
}

func (l lensLayer) terms(b *panel.Bucket, by lensParams) error {
	if len(by.Include)+len(by.Exclude)+len(by.SecondaryFields) > 0 {
		return errors.New("values to include or exclude, or several fields, aren't understood")
	}
	if by.Size == nil || *by.Size < 1 {
		return errors.New("it has no number of values")
	}
	b.Size, b.Ascending = *by.Size, by.OrderDirection == "asc"
	switch by.OrderBy.Type {
	case "alphabetical":
		b.ByKey = true
		return nil
	case "column":
		at := slices.Index(l.ColumnOrder, by.OrderBy.ColumnID)
		if at < 0 {
			b.ByKey = true // as Kibana 8 does (definitions/terms, toEsAggsFn)
			return nil
		}
		c := l.Columns[by.OrderBy.ColumnID]
		return orderBy(b, strconv.Itoa(at), operations[c.OperationType])
	}
	return fmt.Errorf("ranked by %q isn't understood; rank by a metric, or alphabetically", by.OrderBy.Type)
}
