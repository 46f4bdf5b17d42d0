package flink

import (
	"encoding/json"
	"fmt"
)

// maxRows and maxBytes, of JSON, keep an endless query from filling memory.
const (
	maxRows  = 2_000_000
	maxBytes = 256 << 20
)

// page is one of the gateway's answers to a request for results.
type page struct {
	ResultType    string // NOT_READY, PAYLOAD or EOS
	ResultKind    string // SUCCESS or SUCCESS_WITH_CONTENT
	IsQueryResult bool
	JobID         string
	NextResultURI string `json:"nextResultUri"`
	Results       struct {
		Columns []wireColumn
		Data    []wireRow
	}
}

// wireRow is one change: Kind is INSERT, UPDATE_BEFORE, UPDATE_AFTER or DELETE.
type wireRow struct {
	Kind   string
	Fields []json.RawMessage
}

type wireColumn struct {
	Name        string
	LogicalType logicalType
}

// reader assembles the pages of one result.
type reader struct {
	got     Result
	decoded []decoder
	table   table
	bytes   int // that have come
}

func newReader() *reader {
	return &reader{got: Result{Kind: Done}, table: table{places: map[string][]int{}}}
}

func (r *reader) add(p page) error {
	if p.JobID != "" {
		r.got.JobID = p.JobID
	}
	switch {
	case p.ResultType == "NOT_READY":
		return nil
	case p.ResultKind == "SUCCESS": // and the row says "OK"
		return nil
	case p.JobID != "" && !p.IsQueryResult: // and the row is the job's id
		r.got.Kind = Started
		return nil
	}
	r.got.Kind = Rows
	if r.got.Columns == nil {
		r.head(p.Results.Columns)
	}
	for _, row := range p.Results.Data {
		if err := r.change(row); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) head(columns []wireColumn) {
	for _, c := range columns {
		r.got.Columns = append(r.got.Columns, Column{c.Name, c.LogicalType.String(), c.LogicalType.Nullable})
		r.decoded = append(r.decoded, c.LogicalType.decoder())
	}
}

func (r *reader) change(row wireRow) error {
	if len(row.Fields) != len(r.decoded) {
		return fmt.Errorf("the SQL Gateway sent a row of %d fields for %d columns", len(row.Fields), len(r.decoded))
	}
	values := make([]any, len(row.Fields))
	for i, field := range row.Fields {
		var err error
		r.bytes += len(field)
		if values[i], err = decode(r.decoded[i], field); err != nil {
			return fmt.Errorf("read column %s of type %s: %w", r.got.Columns[i].Name, r.got.Columns[i].Type, err)
		}
	}
	if err := r.table.apply(row, values); err != nil {
		return err
	}
	if r.table.live > maxRows || r.bytes > maxBytes {
		return fmt.Errorf("the query returns more than %d rows or %d MiB; aggregate them, or add a LIMIT", maxRows, maxBytes>>20)
	}
	return nil
}

func (r *reader) result() *Result {
	r.got.Rows = r.table.rows()
	return &r.got
}
