package savedobject

import (
	"time"

	"hoplab.example/harness/client/panel"
)

// Query returns the body of the search that Kibana 7.17 sends for a panel, from a
// browser in UTC.
//
// Sources: what Kibana's "Inspect: Requests" shows; search_source.ts,
// date_histogram.ts, histogram.ts, terms.ts and percentiles.ts of its plugin data
// for the parts. One thing differs: a condition of the query bar is sent as the
// equivalent filter.
func Query(p panel.Panel) (panel.Object, error) {
	aggs := panel.Aggregations(p, bucket)
	listPercentiles(aggs)
	return panel.Object{
		"size":             0,
		"aggs":             aggs,
		"fields":           dateFields(p),
		"stored_fields":    []string{"*"},
		"script_fields":    panel.Object{},
		"runtime_mappings": panel.Object{},
		"_source":          panel.Object{"excludes": []string{}},
		"query": panel.Object{"bool": panel.Object{
			"must": []any{}, "filter": filters(p), "should": []any{}, "must_not": []any{},
		}},
	}, nil
}

// dateFields are the fields that Kibana requests as dates from documents. With size 0
// there are no documents.
func dateFields(p panel.Panel) []any {
	if p.View.TimeField == "" {
		return []any{}
	}
	return []any{panel.Object{"field": p.View.TimeField, "format": "date_time"}}
}

func filters(p panel.Panel) []any {
	all := []any{}
	for _, t := range p.Filter {
		all = append(all, condition(t))
	}
	if p.View.TimeField != "" && p.Range != always {
		all = append(all, panel.Object{"range": panel.Object{p.View.TimeField: panel.Object{
			"gte": stamp(p.Range.From), "lte": stamp(p.Range.To), "format": "strict_date_optional_time",
		}}})
	}
	return all
}

func condition(t panel.Term) panel.Object {
	if t.Not {
		t.Not = false
		return panel.Object{"bool": panel.Object{"must_not": []panel.Object{condition(t)}}}
	}
	switch {
	case t.Any != nil:
		return oneMust(t.Any, condition)
	case t.All != nil:
		var each []panel.Object
		for _, part := range t.All {
			each = append(each, condition(part))
		}
		return panel.Object{"bool": panel.Object{"filter": each}}
	case t.Bounds != nil:
		return panel.Object{"range": panel.Object{t.Field: t.Bounds}}
	case t.Values == nil && t.Field == panel.AnyField:
		return panel.Object{"match_all": panel.Object{}}
	case t.Values == nil:
		return panel.Object{"exists": panel.Object{"field": t.Field}}
	}
	return oneMust(t.Values, func(value string) panel.Object {
		if t.Field == panel.AnyField {
			return panel.Object{"multi_match": panel.Object{"type": "best_fields", "query": value, "lenient": true}}
		}
		return panel.Object{"match_phrase": panel.Object{t.Field: value}}
	})
}

// oneMust is a query that one of several must match.
func oneMust[T any](list []T, query func(T) panel.Object) panel.Object {
	var any []panel.Object
	for _, part := range list {
		any = append(any, query(part))
	}
	if len(any) == 1 {
		return any[0]
	}
	return panel.Object{"bool": panel.Object{"should": any, "minimum_should_match": 1}}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func bucket(b panel.Bucket) panel.Object {
	switch b.By {
	case panel.DateHistogram:
		name, value := elasticInterval(b)
		return panel.Object{string(b.By): panel.Object{"field": b.Field, name: value, "time_zone": "UTC", "min_doc_count": 1}}
	case panel.Histogram:
		return panel.Object{string(b.By): panel.Object{"field": b.Field, "interval": b.Interval, "min_doc_count": 1}}
	}
	return panel.Object{string(b.By): panel.Object{"field": b.Field, "order": b.TermsOrder(), "size": b.TermsSize()}}
}

// listPercentiles requests percentiles as a list, as Kibana does.
func listPercentiles(aggs panel.Object) {
	for _, of := range aggs {
		body := of.(panel.Object)
		if p, found := body[string(panel.Percentile)].(panel.Object); found {
			p["keyed"] = false
		}
		if inner, found := body["aggs"].(panel.Object); found {
			listPercentiles(inner)
		}
	}
}
