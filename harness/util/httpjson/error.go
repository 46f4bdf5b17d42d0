package httpjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// StatusError is an answer that isn't 2xx.
type StatusError struct {
	Code   int
	Status string // such as "404 Not Found"
	Body   []byte
}

// Error returns the status and the server's own words.
func (e *StatusError) Error() string { return e.Status + ": " + e.Message() }

// Message returns what the body says: its field "message", as Kafka Connect,
// Kibana and Grafana have it, the cause of an error of Elasticsearch, or else the
// beginning of it.
func (e *StatusError) Message() string {
	var said struct{ Message string }
	if json.Unmarshal(e.Body, &said) == nil && said.Message != "" {
		return said.Message
	}
	if cause := elasticCause(e.Body); cause != "" {
		return cause
	}
	return fmt.Sprintf("%.500s", strings.TrimSpace(string(e.Body)))
}

// Code returns the status where err is a *StatusError, and 0 otherwise.
func Code(err error) int {
	var status *StatusError
	if errors.As(err, &status) {
		return status.Code
	}
	return 0
}
