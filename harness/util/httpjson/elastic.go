package httpjson

import (
	"encoding/json"
	"regexp"
	"strings"
)

// elasticError is an error of Elasticsearch. A search's has its causes by shard.
type elasticError struct {
	Reason string
	Cause  *elasticError                    `json:"caused_by"`
	Root   []elasticError                   `json:"root_cause"`
	Shards []struct{ Reason *elasticError } `json:"failed_shards"`
}

// names matches a reason that says which part of what was sent is wrong.
var names = regexp.MustCompile(`\b(field|setting|parameter|type|format|introduction of|index)\b \[`)

// elasticCause returns the deepest reason of an error of Elasticsearch that names a
// field or the like; where none does, the first and the deepest one. "" is for a body
// that isn't such an error.
func elasticCause(body []byte) string {
	var answer struct{ Error json.RawMessage }
	var top elasticError
	if json.Unmarshal(body, &answer) != nil || json.Unmarshal(answer.Error, &top) != nil {
		return ""
	}
	chain := top.reasons()
	if len(chain) == 0 {
		return ""
	}
	said, last := chain[0], chain[len(chain)-1]
	for _, reason := range chain {
		if strings.Contains(reason, "Preview of field's value: ") { // then it names both
			return reason
		}
		if names.MatchString(reason) {
			said = reason
		}
	}
	if strings.Contains(said, last) {
		return said
	}
	return said + ": " + last
}

// reasons returns the reasons from the outermost to the deepest. A search that fails
// while its shards' answers are put together has none of its own.
func (e *elasticError) reasons() (chain []string) {
	for ; e != nil; e = e.next() {
		if e.Reason != "" {
			chain = append(chain, e.Reason)
		}
	}
	return chain
}

func (e *elasticError) next() *elasticError {
	switch {
	case e.Cause != nil:
		return e.Cause
	case len(e.Shards) > 0 && e.Shards[0].Reason != nil:
		return e.Shards[0].Reason
	case len(e.Root) > 0 && e.Root[0].Reason != e.Reason:
		return &e.Root[0]
	}
	return nil
}
