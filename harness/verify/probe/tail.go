package probe

import "context"

// Last returns up to n documents, the one that was written last first. An index
// that isn't there holds none.
func (e *Elastic) Last(ctx context.Context, n int) ([]Document, error) {
	var answer page
	err := e.call("read", &answer)(e.client.Search(
		e.client.Search.WithContext(ctx), e.client.Search.WithIndex(e.index), e.client.Search.WithSize(n),
		e.client.Search.WithSort("_seq_no:desc"), e.client.Search.WithIgnoreUnavailable(true)))
	return answer.appendTo(nil), err
}

// Writes returns how many documents were written into the index since its shards
// were opened, including those that existed already. Flink's sink sends updates. An
// update that changes nothing counts as a document that was read, not as one that
// was indexed; one that changes something counts twice. The index must exist.
func (e *Elastic) Writes(ctx context.Context) (int64, error) {
	var answer struct {
		All struct {
			Primaries struct {
				Indexing struct {
					Total int64 `json:"index_total"`
				}
				Get struct {
					Exists int64 `json:"exists_total"`
				}
			}
		} `json:"_all"`
	}
	err := e.call("ask for the writes of", &answer)(e.client.Indices.Stats(
		e.client.Indices.Stats.WithContext(ctx), e.client.Indices.Stats.WithIndex(e.index), e.client.Indices.Stats.WithMetric("indexing", "get")))
	return answer.All.Primaries.Indexing.Total + answer.All.Primaries.Get.Exists, err
}
