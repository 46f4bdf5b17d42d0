// Package fence checks a student's files before they reach servers that others
// use too. It refuses whatever isn't known to be harmless: a file can name only the
// topic, the indices and the servers of its run.
package fence

import (
	"fmt"
	"slices"
)

// Rules are what the files of one run may name.
type Rules struct {
	Source string // topic of MQTT
	Topic  string // of Kafka
	// Topics are those beside Topic, into which SQL may INSERT.
	Topics []string
	Index  string // of Elasticsearch; names that begin with it and a "-" are the run's too
	Client string // client id on MQTT; ids that begin with it and a "-" are the run's too
	// Servers, as host:port.
	MQTT, Kafka, Elasticsearch []string
	// Endless says that SQL starts a job that never ends, over a table that never ends.
	Endless bool
	// Settings are keys that SQL may SET besides the harmless ones.
	Settings []string
}

// Fault is something that is refused, and where it is.
type Fault struct {
	File         string
	Line, Column int // from 1, or 0 if unknown
	Reason       string
	Do           string // what to do about it
}

func (f *Fault) Error() string {
	at := f.File
	if f.Line > 0 {
		at += fmt.Sprintf(":%d", f.Line)
	}
	if f.Column > 0 {
		at += fmt.Sprintf(":%d", f.Column)
	}
	return at + ": " + f.Reason + "; " + f.Do
}

// Hint says what to do about it.
func (f *Fault) Hint() string { return f.Do }

// Limits of the size of one file, in bytes, of the depth of JSON, and of the
// ${parameters} in SQL.
const (
	SQLBytes       = 256 << 10
	ConfigBytes    = 64 << 10
	DashboardBytes = 4 << 20
	jsonDepth      = 64
	sqlParams      = 1000
)

func tooLarge(file string, size, most int) error {
	if size <= most {
		return nil
	}
	return &Fault{File: file, Line: 1, Reason: fmt.Sprintf("the file has %d bytes, %d at most are allowed", size, most), Do: "hand in a smaller one"}
}

// among lists the allowed values.
func among(values []string) string {
	values = slices.Sorted(slices.Values(values))
	if len(values) == 1 {
		return fmt.Sprintf("write '%s'", values[0])
	}
	return fmt.Sprintf("write one of %q", values)
}
