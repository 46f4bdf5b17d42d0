// Package flink gives SQL to Flink 1.20 through its SQL Gateway, and asks its
// JobManager how the jobs do. It also splits files of SQL into statements, so
// that what Flink says of a statement can be told by file, line and column.
package flink
