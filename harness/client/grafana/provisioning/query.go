package provisioning

import (
	"encoding/json"
	"fmt"
	"strings"

	"hoplab.example/harness/client/panel"
)

// sent is what Grafana sends in addition to what a panel.Panel has.
type sent struct {
	query   string // in Lucene's language, variables filled in
	source  string // uid of the data source
	target  json.RawMessage
	buckets map[string]bucketJSON
}

func key(p panel.Panel) string { return p.File + "\x00" + p.ID }

// Query returns the body of the search that Grafana's Elasticsearch data source
// sends for a panel of this folder: no hits, the rows within the panel's time that
// match its query, and its aggregations by their ids. The query is sent as in the
// file, not as understood here: a misunderstanding shows.
// Source: grafana/grafana, pkg/tsdb/elasticsearch/data_query.go.
func (p *Provisioned) Query(of panel.Panel) (panel.Object, error) {
	s, known := p.sent[key(of)]
	if !known {
		return nil, fmt.Errorf("%s isn't among the panels that were read", of)
	}
	filter := []panel.Object{{"range": panel.Object{of.View.TimeField: panel.Object{
		"gte": of.Range.From.UnixMilli(), "lte": of.Range.To.UnixMilli(), "format": epochMillis,
	}}}}
	if strings.TrimSpace(s.query) != "" {
		filter = append(filter, panel.Object{"query_string": panel.Object{"analyze_wildcard": true, "query": s.query}})
	}
	return panel.Object{
		"size":  0,
		"query": panel.Object{"bool": panel.Object{"filter": filter}},
		"aggs":  panel.Aggregations(of, func(b panel.Bucket) panel.Object { return s.aggregation(of, b) }),
	}, nil
}

const epochMillis = "epoch_millis"

func (s sent) aggregation(p panel.Panel, b panel.Bucket) panel.Object {
	settings := s.buckets[b.ID]
	least, _ := settings.minimum() // read before
	body := panel.Object{"field": b.Field, "min_doc_count": max(0, least)}
	switch b.By {
	case panel.DateHistogram:
		kind := "fixed_interval"
		if b.Calendar != "" {
			kind = "calendar_interval"
		}
		body[kind] = string(settings.Settings.Interval.text)
		body["format"] = epochMillis
		body["extended_bounds"] = panel.Object{"min": p.Range.From.UnixMilli(), "max": p.Range.To.UnixMilli()}
	case panel.Histogram:
		body["interval"] = b.Interval
	case panel.Terms:
		body["size"], body["order"] = b.TermsSize(), b.TermsOrder()
		if least < 0 {
			delete(body, "min_doc_count")
		}
	}
	return panel.Object{string(b.By): body}
}

// Target returns a panel's query as the browser sends it to Grafana, which then sends
// what Query returns: the file's query, with variables filled in and a data source.
func (p *Provisioned) Target(of panel.Panel) (panel.Object, error) {
	s, known := p.sent[key(of)]
	if !known {
		return nil, fmt.Errorf("%s isn't among the panels that were read", of)
	}
	var target panel.Object
	if err := json.Unmarshal(s.target, &target); err != nil {
		return nil, fmt.Errorf("%s: %w", of, err)
	}
	target["query"] = s.query
	target["datasource"] = panel.Object{"type": Type, "uid": s.source}
	return target, nil
}
