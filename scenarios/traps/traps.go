// Package traps keeps the mistakes of the original lab as small files of SQL that
// run: each says at its top what is wrong, which symptom it has and what is right.
// The tests run each against real servers and assert the symptom, so that what
// the files say stays true.
package traps

import "embed"

// Files holds the traps, such as "whole-numbers.sql". Their parameters are those
// of the labs' files; each starts from a topic that is filled, and its tables
// end where the topic does now.
//
//go:embed *.sql
var Files embed.FS
