package probe

import (
	"context"
	"fmt"
	"strings"
)

// searchSize is how many documents one search may answer with, as Elasticsearch
// is set by default (index.max_result_window).
const searchSize = 10_000

// Seqs returns the field seq of the documents that a search finds now, from one
// on, in no order. Unlike Count it doesn't refresh: it finds what any other client
// would. It returns 10,000 at most, and none where there is no index.
func (e *Elastic) Seqs(ctx context.Context, from int64) ([]int64, error) {
	var answer struct {
		Hits struct {
			Hits []struct{ Fields struct{ Seq []int64 } }
		}
	}
	body := fmt.Sprintf(`{"size":%d,"_source":false,"docvalue_fields":["seq"],"track_total_hits":false,"sort":["_doc"],"query":{"range":{"seq":{"gte":%d}}}}`, searchSize, from)
	err := e.call("search", &answer)(e.client.Search(
		e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithIgnoreUnavailable(true),
		e.client.Search.WithFilterPath("hits.hits.fields"), e.client.Search.WithBody(strings.NewReader(body))))
	var seqs []int64
	for _, hit := range answer.Hits.Hits {
		seqs = append(seqs, hit.Fields.Seq...)
	}
	return seqs, err
}

// RefreshInterval returns how often what was written to the index becomes
// searchable, in Elasticsearch's words, such as 1s.
func (e *Elastic) RefreshInterval(ctx context.Context) (string, error) {
	type settings struct {
		Index struct {
			RefreshInterval string `json:"refresh_interval"`
		}
	}
	var answer map[string]struct{ Settings, Defaults settings }
	err := e.call("ask for the settings of", &answer)(e.client.Indices.GetSettings(
		e.client.Indices.GetSettings.WithContext(ctx), e.client.Indices.GetSettings.WithIndex(e.index), e.client.Indices.GetSettings.WithIncludeDefaults(true)))
	if err != nil {
		return "", err
	}
	for _, index := range answer {
		for _, set := range []settings{index.Settings, index.Defaults} {
			if set.Index.RefreshInterval != "" {
				return set.Index.RefreshInterval, nil
			}
		}
	}
	return "", fmt.Errorf("no refresh interval in what Elasticsearch at %s says of index %q", e.addr, e.index)
}
