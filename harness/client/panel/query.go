package panel

import "cmp"

// Object is a JSON object.
type Object = map[string]any

// Aggregations nests a panel's aggregations as both Kibana and Grafana do: each
// bucket holds the next one, the innermost holds the metrics. bucket returns one
// bucket's own part, such as {"terms": {…}}.
func Aggregations(p Panel, bucket func(Bucket) Object) Object {
	inner := metrics(p.Metrics)
	for i := len(p.Buckets) - 1; i >= 0; i-- {
		outer := bucket(p.Buckets[i])
		for _, m := range p.Metrics {
			if m.ID == p.Buckets[i].ByMetric && m.Of != Count && i < len(p.Buckets)-1 {
				inner[m.ID] = Object{string(m.Of): Object{"field": m.Field}} // what the terms are ordered by
			}
		}
		if len(inner) > 0 {
			outer["aggs"] = inner
		}
		inner = Object{p.Buckets[i].ID: outer}
	}
	return inner
}

func metrics(list []Metric) Object {
	aggs := Object{}
	for _, m := range list {
		switch m.Of {
		case Count: // every bucket has it
		case Percentile:
			aggs[m.ID] = Object{string(Percentile): Object{"field": m.Field, "percents": percents(list, m.ID)}}
		default:
			aggs[m.ID] = Object{string(m.Of): Object{"field": m.Field}}
		}
	}
	return aggs
}

func percents(list []Metric, id string) (of []float64) {
	for _, m := range list {
		if m.ID == id {
			of = append(of, m.Percent)
		}
	}
	return of
}

// TermsOrder returns a terms aggregation's order as Elasticsearch expects it.
func (b Bucket) TermsOrder() Object {
	by, way := cmp.Or(b.ByMetric, "_count"), "desc"
	if b.ByKey {
		by = "_key"
	}
	if b.Ascending {
		way = "asc"
	}
	return Object{by: way}
}

// MaxTerms is the size sent for a panel that shows all terms.
const MaxTerms = 500

// TermsSize returns a terms aggregation's size.
func (b Bucket) TermsSize() int {
	if b.Size == 0 {
		return MaxTerms
	}
	return b.Size
}
