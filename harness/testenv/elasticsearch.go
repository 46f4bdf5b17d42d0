package testenv

import (
	"context"

	"hoplab.example/harness/client/elastic"
)

// ElasticsearchClient sets up indices and reads them.
type ElasticsearchClient struct{ e *Env }

// Addr returns where programs on this machine reach Elasticsearch, as host:port.
func (s ElasticsearchClient) Addr() string {
	s.e.t.Helper()
	return s.e.Addr("elasticsearch", "http")
}

func (s ElasticsearchClient) client() elastic.Client {
	s.e.t.Helper()
	return elastic.Client{Addr: s.Addr(), Login: s.e.Access()["elasticsearch"]}
}

// PutTemplate puts an index template, as JSON, for the index of that name, and removes
// both after the test.
func (s ElasticsearchClient) PutTemplate(index, template string) {
	s.e.t.Helper()
	client := s.client()
	if err := client.PutTemplate(s.e.t.Context(), index, []byte(template)); err != nil {
		s.e.t.Fatalf("put the index template %q: %v", index, err)
	}
	s.e.t.Cleanup(func() {
		for _, remove := range []func(context.Context, string) error{client.DeleteIndex, client.DeleteTemplate} {
			if err := remove(context.Background(), index); err != nil {
				s.e.t.Error(err)
			}
		}
	})
}

// Count counts an index's documents; one that isn't there yet holds none.
func (s ElasticsearchClient) Count(index string) Count {
	s.e.t.Helper()
	client := s.client()
	return func(ctx context.Context) (int64, error) { return client.Count(ctx, index) }
}

// Documents returns an index's documents by their _id, 10,000 at most.
func (s ElasticsearchClient) Documents(index string) map[string]string {
	s.e.t.Helper()
	found, err := s.client().Documents(s.e.t.Context(), index)
	if err != nil {
		s.e.t.Fatal(err)
	}
	documents := map[string]string{}
	for _, d := range found {
		documents[d.ID] = string(d.Source)
	}
	return documents
}
