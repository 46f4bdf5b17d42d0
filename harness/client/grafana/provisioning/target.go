package provisioning

import (
	"encoding/json"
	"fmt"
	"slices"

	"hoplab.example/harness/client/panel"
	"hoplab.example/harness/util/strictjson"
)

type targetJSON struct {
	RefID                                string
	Datasource                           *sourceRef
	Query                                string
	BucketAggs, Metrics                  []json.RawMessage
	Hide                                 bool
	QueryType, EditorType, QueryLanguage string
	TimeField                            string
}

// target reads one of a panel's queries.
func (r *reading) target(e panelJSON, raw json.RawMessage) error {
	var t targetJSON
	if err := json.Unmarshal(raw, &t); err != nil {
		return fmt.Errorf("targets: %w", strictjson.Explain(err))
	}
	if t.Hide { // the browser doesn't send it (filterQuery in datasource.ts)
		return nil
	}
	source, err := r.sourceOf(e, t) // that of another type has other fields
	if err != nil {
		return fmt.Errorf("target %s: %w", t.RefID, err)
	}
	if err := t.check(); err != nil {
		return fmt.Errorf("target %s: %w", t.RefID, err)
	}
	if err := strict(raw, &targetJSON{}, "alias", "key", "intervalMs", "maxDataPoints", "dsType"); err != nil {
		return fmt.Errorf("targets: %w", err)
	}
	p := panel.Panel{File: r.file, ID: fmt.Sprint(*e.ID), Title: e.Title, Kind: kinds[e.Type], View: source.view(), Range: r.shown, Stacked: e.stacked()}
	if len(e.Targets) > 1 {
		p.ID += "/" + t.RefID
	}
	if _, twice := r.sent[key(p)]; twice {
		return fmt.Errorf("target %s: another target also has the refId %q", t.RefID, t.RefID)
	}
	s, err := r.fill(&p, t)
	if err != nil {
		return fmt.Errorf("target %s: %w", t.RefID, err)
	}
	if err := e.checkBuckets(p.Buckets); err != nil {
		return fmt.Errorf("target %s: %w", t.RefID, err)
	}
	s.source, s.target = source.UID, raw
	r.sent[key(p)] = s
	r.Panels = append(r.Panels, p)
	return nil
}

func (t targetJSON) check() error {
	switch {
	case t.RefID == "":
		return fmt.Errorf("it has no refId")
	case t.QueryType != "" && t.QueryType != "lucene", t.QueryLanguage != "" && t.QueryLanguage != "lucene", t.EditorType != "" && t.EditorType != "builder":
		return fmt.Errorf("queryType %q, editorType %q, queryLanguage %q: only queries in Lucene's language with aggregations are understood here", t.QueryType, t.EditorType, t.QueryLanguage)
	case len(t.Metrics) > 0 && slices.Contains(listing, t.first()):
		return fmt.Errorf("its metric is %s, which lists rows: that isn't understood here; count them, or remove the panel", t.first())
	case len(t.Metrics) == 0 || len(t.BucketAggs) == 0:
		return fmt.Errorf("it has no metrics or no bucketAggs, so Grafana shows an error, or nothing")
	}
	return nil
}

// listing are the metrics that need no bucket: they show rows. Source: Grafana's manual,
// "Elasticsearch query editor", logs, raw data and raw document queries.
var listing = []string{"logs", "raw_data", "raw_document"}

// first returns the type of the first metric.
func (t targetJSON) first() string {
	_, kind := kindOf(t.Metrics[0])
	return kind
}

// sourceOf returns the target's data source: its own, or else the panel's.
func (r *reading) sourceOf(e panelJSON, t targetJSON) (Source, error) {
	source, err := r.find(t.Datasource, e.Datasource)
	if err == nil && t.TimeField != "" && t.TimeField != source.TimeField {
		err = fmt.Errorf("timeField is %q, but Grafana uses the data source's, %q; leave it out", t.TimeField, source.TimeField)
	}
	return source, err
}

// fill reads filter, buckets and metrics.
func (r *reading) fill(p *panel.Panel, t targetJSON) (sent, error) {
	s := sent{buckets: map[string]bucketJSON{}}
	var err error
	if s.query, err = r.interpolate(t.Query); err != nil {
		return s, fmt.Errorf("query %q: %w", t.Query, err)
	}
	terms, err := parseLucene(s.query)
	if err != nil {
		return s, fmt.Errorf("query %q: %w", s.query, err)
	}
	for _, term := range terms {
		if term.Values == nil {
			r.named = append(r.named, named{p.String() + ": filter", term.Field})
			continue
		}
		p.Filter = append(p.Filter, term)
	}
	ids := map[string]bool{}
	for _, raw := range t.BucketAggs {
		b, settings, err := readBucket(raw, p.View)
		if err != nil {
			return s, fmt.Errorf("bucketAggs: %w", err)
		}
		s.buckets[b.ID] = settings
		p.Buckets = append(p.Buckets, b)
		if ids[b.ID] {
			return s, fmt.Errorf("bucketAggs: the id %q is used twice", b.ID)
		}
		ids[b.ID] = true
	}
	for _, raw := range t.Metrics {
		list, err := readMetric(raw)
		if err != nil {
			return s, fmt.Errorf("metrics: %w", err)
		}
		if ids[list[0].ID] {
			return s, fmt.Errorf("metrics: the id %q is used twice", list[0].ID)
		}
		ids[list[0].ID] = true
		p.Metrics = append(p.Metrics, list...)
	}
	return s, nil
}
