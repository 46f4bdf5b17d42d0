package define

import (
	"strconv"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/elasticsearch"
)

// numbered gives buckets their ids. The ids of a query must differ, because Grafana
// names aggregations after them (searches of 12.2): those of metrics are 1, 2, 3.
func numbered(buckets []elasticsearch.BucketAggregation) []elasticsearch.BucketAggregation {
	for i, b := range buckets {
		id := strconv.Itoa(i + 10)
		switch {
		case b.DateHistogram != nil:
			b.DateHistogram.Id = id
		case b.Histogram != nil:
			b.Histogram.Id = id
		case b.Terms != nil:
			b.Terms.Id = id
		}
	}
	return buckets
}

// overTime leaves out seconds with fewer than least rows. A rate of 0 is drawn.
func overTime(least string) elasticsearch.BucketAggregation {
	return elasticsearch.BucketAggregation{DateHistogram: &elasticsearch.DateHistogram{
		Type: elasticsearch.BucketAggregationTypeDateHistogram, Field: cog.ToPtr("@timestamp"),
		Settings: &elasticsearch.ElasticsearchDateHistogramSettings{Interval: cog.ToPtr(interval), MinDocCount: &least},
	}}
}

// terms orders by _term, as Grafana writes it: with _key the editor of 12.2 shows
// "metric not found".
func terms(field string) elasticsearch.BucketAggregation {
	return elasticsearch.BucketAggregation{Terms: &elasticsearch.Terms{
		Type: elasticsearch.BucketAggregationTypeTerms, Field: &field,
		Settings: &elasticsearch.ElasticsearchTermsSettings{
			Order: cog.ToPtr(elasticsearch.TermsOrderAsc), OrderBy: cog.ToPtr("_term"), Size: cog.ToPtr("0"), MinDocCount: cog.ToPtr("1"),
		},
	}}
}

func histogram(field string) elasticsearch.BucketAggregation {
	return elasticsearch.BucketAggregation{Histogram: &elasticsearch.Histogram{
		Type: elasticsearch.BucketAggregationTypeHistogram, Field: &field,
		Settings: &elasticsearch.ElasticsearchHistogramSettings{Interval: cog.ToPtr("1"), MinDocCount: cog.ToPtr("1")},
	}}
}

func fieldOf(b elasticsearch.BucketAggregation) string {
	if b.Histogram != nil {
		return *b.Histogram.Field
	}
	return *b.Terms.Field
}

func count() elasticsearch.MetricAggregation {
	return elasticsearch.MetricAggregation{Count: &elasticsearch.Count{Id: "1", Type: elasticsearch.MetricAggregationTypeCount}}
}

func means(fields ...string) (list []elasticsearch.MetricAggregation) {
	for i, field := range fields {
		list = append(list, elasticsearch.MetricAggregation{Average: &elasticsearch.Average{
			Id: strconv.Itoa(i + 1), Type: elasticsearch.MetricAggregationTypeAvg, Field: &field,
		}})
	}
	return list
}

func extremes() (list []elasticsearch.MetricAggregation) {
	for i, field := range []string{"x", "y", "z"} {
		low, high := strconv.Itoa(2*i+1), strconv.Itoa(2*i+2)
		list = append(list,
			elasticsearch.MetricAggregation{Min: &elasticsearch.Min{Id: low, Type: elasticsearch.MetricAggregationTypeMin, Field: &field}},
			elasticsearch.MetricAggregation{Max: &elasticsearch.Max{Id: high, Type: elasticsearch.MetricAggregationTypeMax, Field: &field}})
	}
	return list
}

func percentile(id, field string) elasticsearch.MetricAggregation {
	return elasticsearch.MetricAggregation{Percentiles: &elasticsearch.Percentiles{
		Id: id, Type: elasticsearch.MetricAggregationTypePercentiles, Field: &field,
		Settings: &elasticsearch.ElasticsearchPercentilesSettings{Percents: []string{"2"}},
	}}
}
