package flink

// Kind is the kind of a result.
type Kind string

const (
	Done    Kind = "done"    // DDL, SET and the like
	Rows    Kind = "rows"    // SELECT, SHOW, DESCRIBE, EXPLAIN
	Started Kind = "started" // INSERT: a job
)

// Result is what a statement returned.
type Result struct {
	Kind    Kind
	Columns []Column
	// Rows hold, per column: int64 for TINYINT to BIGINT, float64 for FLOAT
	// and DOUBLE, string for CHAR and VARCHAR, bool, and nil for NULL. Any other
	// type is a string, as Flink writes it in JSON, such as
	// "2023-11-14T22:13:20.050Z" for a TIMESTAMP_LTZ(3). If the query's result
	// changes while it runs, they are the rows at the end.
	Rows [][]any
	// JobID is the job's id: of an INSERT, or of the query.
	JobID string
}

// Column describes one column. Type is written as in SQL, such as "BIGINT",
// "STRING" or "TIMESTAMP_LTZ(3)".
type Column struct {
	Name     string
	Type     string
	Nullable bool
}
