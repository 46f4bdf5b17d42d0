package savedobject

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

// agg is one aggregation of a visualization.
type agg struct {
	ID      string
	Enabled *bool
	Type    string
	Schema  string
	Params  json.RawMessage
}

// params are those of all kinds of aggregations that are read. Those of type
// RawMessage don't affect what is compared: empty bars, labels, and what Kibana
// computes again itself.
type params struct {
	Field, CustomLabel string
	JSON               string
	EmptyAsNull        json.RawMessage
	// of histograms
	Interval                                         any
	UseNormalizedEsInterval                          *bool
	ScaleMetricValues                                bool
	DropPartials                                     bool `json:"drop_partials"`
	TimeRange, ExtendToTimeRange, Format, AutoExtend json.RawMessage
	UsedInterval                                     json.RawMessage `json:"used_interval"`
	UsedTimeZone                                     json.RawMessage `json:"used_time_zone"`
	MinDocCount                                      json.RawMessage `json:"min_doc_count"`
	HasExtendedBounds                                json.RawMessage `json:"has_extended_bounds"`
	ExtendedBounds                                   json.RawMessage `json:"extended_bounds"`
	IntervalBase, MaxBars                            json.RawMessage
	TimeZone                                         string `json:"time_zone"`
	// of terms
	Size                                *int
	Order, OrderBy                      string
	OrderAgg                            json.RawMessage
	OtherBucket, MissingBucket          bool
	OtherBucketLabel, MissingBucketText json.RawMessage
	MissingBucketLabel                  json.RawMessage
	Include, Exclude                    any
	IncludeIsRegex, ExcludeIsRegex      json.RawMessage
	ShardSize                           json.RawMessage
	// of percentiles
	Percents []float64
}

// addAggs gives a panel its buckets and metrics.
func addAggs(p *panel.Panel, aggs []agg) error {
	for _, a := range aggs {
		if a.Enabled != nil && !*a.Enabled {
			continue
		}
		var by params
		if len(a.Params) > 0 {
			if err := strictjson.Unmarshal(a.Params, &by); err != nil {
				return fmt.Errorf("the parameters of aggregation %s (%s) aren't understood: %w", a.ID, a.Type, err)
			}
		}
		if err := addAgg(p, a, by, aggs); err != nil {
			return fmt.Errorf("aggregation %s (%s): %w", a.ID, a.Type, err)
		}
	}
	if len(p.Metrics) == 0 {
		return errors.New("it has no metric")
	}
	return nil
}

func addAgg(p *panel.Panel, a agg, by params, all []agg) error {
	if by.JSON != "" {
		return fmt.Errorf("advanced JSON isn't understood: %.80q", by.JSON)
	}
	schemas, add := []string{"segment", "group", "bucket", "split"}, addBucket
	if slices.Contains([]string{"count", "avg", "min", "max", "sum", "cardinality", "median", "percentiles"}, a.Type) {
		schemas, add = []string{"metric"}, addMetric
	}
	if !slices.Contains(schemas, a.Schema) {
		return fmt.Errorf("its place (schema) %q isn't understood; want one of %q", a.Schema, schemas)
	}
	return add(p, a, by, all)
}

func addMetric(p *panel.Panel, a agg, by params, _ []agg) error {
	m := panel.Metric{ID: a.ID, Of: panel.Statistic(a.Type), Field: by.Field, Label: by.CustomLabel}
	percents := by.Percents
	switch a.Type {
	case "count":
		m.Field = ""
	case "median":
		percents = []float64{50}
	case "percentiles":
		if len(percents) == 0 {
			percents = []float64{1, 5, 25, 50, 75, 95, 99}
		}
	}
	if percents == nil {
		p.Metrics = append(p.Metrics, m)
		return nil
	}
	for _, percent := range percents {
		m.Of, m.Percent = panel.Percentile, percent
		if by.CustomLabel != "" && len(percents) > 1 {
			m.Label = fmt.Sprintf("percentile %v of %s", percent, by.CustomLabel)
		}
		if !(0 <= percent && percent <= 100) {
			return fmt.Errorf("%v isn't a percentage", percent)
		}
		p.Metrics = append(p.Metrics, m)
	}
	return nil
}

func addBucket(p *panel.Panel, a agg, by params, all []agg) error {
	b := panel.Bucket{ID: a.ID, By: panel.Grouping(a.Type), Field: by.Field}
	var err error
	switch b.By {
	case panel.DateHistogram:
		err = setDateHistogram(&b, *p, by)
	case panel.Histogram:
		err = setInterval(&b, by)
	case panel.Terms:
		err = setTerms(&b, by, all)
	default:
		err = errors.New("this kind isn't understood here")
	}
	p.Buckets = append(p.Buckets, b)
	return err
}

// setDateHistogram reads a date histogram's interval.
func setDateHistogram(b *panel.Bucket, p panel.Panel, by params) error {
	if by.TimeZone != "" && by.TimeZone != "UTC" {
		return fmt.Errorf("time_zone %q isn't understood; want UTC", by.TimeZone)
	}
	if by.ScaleMetricValues || by.DropPartials {
		return errors.New("scaled values, or bars left out at the ends, aren't understood")
	}
	text, ok := by.Interval.(string)
	if by.Interval != nil && !ok {
		return fmt.Errorf("interval %v isn't understood", by.Interval)
	}
	normal := by.UseNormalizedEsInterval == nil || *by.UseNormalizedEsInterval
	if _, unit := panel.Units[text]; unit && !normal {
		return fmt.Errorf("interval %q has no number, which Kibana refuses with useNormalizedEsInterval false; write 1%[1]s", text) // as 7.17.6 does
	}
	return setDates(b, text, p.Range.To.Sub(p.Range.From), normal && by.Field == p.View.TimeField)
}

// setInterval reads the interval of a histogram over numbers, which Kibana fits to the
// data: "auto" is its default, and a short one is lengthened (searches of 7.17.6).
func setInterval(b *panel.Bucket, by params) error {
	if base := string(by.IntervalBase); base != "" && base != "null" {
		return fmt.Errorf("intervalBase %s isn't understood", base)
	}
	b.Fit.Bars = maxBars
	switch given := by.Interval.(type) {
	case nil:
		b.Fit.Auto = true
	case float64:
		b.Interval = given
	case string:
		if b.Fit.Auto = given == "auto" || given == ""; !b.Fit.Auto {
			b.Interval, _ = strconv.ParseFloat(given, 64) // 0 for what isn't a number
		}
	}
	if !b.Fit.Auto && !(0 < b.Interval && b.Interval < 1e300) {
		return fmt.Errorf("interval %v isn't understood; want auto, or a number above 0", by.Interval)
	}
	if text := string(by.MaxBars); b.Fit.Auto && text != "" && text != "null" && text != `""` {
		bars, err := strconv.Atoi(strings.Trim(text, `"`))
		if err != nil || bars < 1 {
			return fmt.Errorf("maxBars %s isn't understood; want a whole number above 0", text)
		}
		b.Fit.Bars = float64(min(bars, maxBars))
	}
	return nil
}

// elasticTerms is Elasticsearch's size of a terms aggregation without one. Source: its
// guide, "Terms aggregation", size.
const elasticTerms = 10

// setTerms reads the size and the order: by a metric's id, or by _key. Kibana asks for
// the bucket of the other rows by a second search (other_bucket_helper.ts of its plugin
// data), which isn't compared; each row has each field, so none is in the bucket of
// missing values.
func setTerms(b *panel.Bucket, by params, all []agg) error {
	given := func(v any) bool { return v != nil && v != "" && fmt.Sprint(v) != "[]" }
	if given(by.Include) || given(by.Exclude) {
		return errors.New("values to include or exclude aren't understood; filter the panel instead")
	}
	if len(by.OrderAgg) > 0 && string(by.OrderAgg) != "null" && by.OrderBy == "custom" {
		return errors.New("an order by a metric that isn't shown isn't understood; show it")
	}
	b.Ascending = strings.EqualFold(by.Order, "asc")
	switch {
	case by.Size == nil:
		b.Size = 5 // the default of terms.ts in Kibana's plugin data
	case *by.Size == 0:
		b.Size = elasticTerms // Kibana 7.17.6 sends none
	default:
		b.Size = *by.Size
	}
	if b.Size < 0 || by.Order != "" && by.Order != "asc" && by.Order != "desc" {
		return fmt.Errorf("size %d or order %q isn't understood", b.Size, by.Order)
	}
	switch by.OrderBy {
	case "", "_count":
		return nil
	case "_key", "_term":
		b.ByKey = true
		return nil
	}
	i := slices.IndexFunc(all, func(a agg) bool { return a.ID == by.OrderBy })
	if i < 0 {
		return fmt.Errorf("it is ordered by aggregation %q, which isn't there", by.OrderBy)
	}
	return orderBy(b, all[i].ID, all[i].Type)
}

// sortable are the metrics that terms can be ordered by here.
var sortable = []string{"avg", "min", "max", "sum", "cardinality"}

func orderBy(b *panel.Bucket, id, kind string) error {
	switch {
	case kind == "count":
	case slices.Contains(sortable, kind):
		b.ByMetric = id
	default:
		return fmt.Errorf("an order by %s isn't understood; order by another metric, or alphabetically", kind)
	}
	return nil
}
