package wisdm

import (
	"strconv"
	"time"
)

// Row is one sensor reading. Its raw fields come from the dataset; Seq and
// Time are given by a [Timeline].
type Row struct {
	Subject  int     // 1600 to 1650 in the dataset
	Activity string  // one letter, A to S without N
	TS       int64   // nanoseconds since the device booted; goes backwards between sessions
	X, Y, Z  float64 // m/s² for the accelerometer, rad/s for the gyroscope
	Device   string  // "phone" or "watch"; "unknown" where the input's name doesn't say
	Sensor   string  // "accel" or "gyro"; "unknown" where the input's name doesn't say

	Seq  int64     // 1 for the first row of its Stream, and counting, in whatever order rows are sent
	Time time.Time // event time, UTC, whole milliseconds
}

// Stream is what one sensor of one device recorded of one subject: one file of the
// dataset. Seq counts rows within it.
type Stream struct {
	Subject        int
	Device, Sensor string
}

// Stream returns the stream that r belongs to.
func (r Row) Stream() Stream { return Stream{r.Subject, r.Device, r.Sensor} }

// ID returns the key of r that is unique in the whole dataset, such as
// "1600_watch_accel_17". The raw timestamp isn't part of it: timestamps repeat
// across devices, sensors and sessions, so they don't identify a row.
func (r Row) ID() string {
	return strconv.Itoa(r.Subject) + "_" + r.Device + "_" + r.Sensor + "_" + strconv.FormatInt(r.Seq, 10)
}

// Source yields rows, those of one stream in recording order, and ends with io.EOF.
type Source interface {
	Read() (Row, error)
}

// Input is something that rows can be read from more than once: the publisher
// reads it, and the oracle reads it again. Use the source of one Open in one
// goroutine, and close it where it is an io.Closer.
//
// Files and generators yield the rows of all their streams in the order of event time,
// with Seq and Time, on DefaultBase. Other inputs may leave those to [Placed].
type Input interface {
	Open() (Source, error)
	// Name is for messages: a path, or "generated rows, seed 1".
	Name() string
}
