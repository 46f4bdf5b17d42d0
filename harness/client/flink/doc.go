// Package flink runs SQL on Flink 1.20 through its SQL Gateway, and asks its
// JobManager about jobs. It also splits SQL files into statements, and reports
// Flink's errors by file, line and column.
package flink
