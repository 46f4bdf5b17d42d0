package wisdm

import (
	"encoding/json"
	"strconv"
	"time"
)

// documentTime is Flink's layout: json.timestamp-format.standard = ISO-8601 leaves out
// the zeros at a fraction's end.
const documentTime = "2006-01-02T15:04:05.999Z"

// document has the fields of a row's document, in the order of the table in
// labs/04-export/solution/export.sql.
type document struct {
	Usid   int     `json:"usid"`
	Device string  `json:"device"`
	Sensor string  `json:"sensor"`
	Seq    int64   `json:"seq"`
	Action string  `json:"action"`
	TS     int64   `json:"ts"`
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Z      float64 `json:"z"`
	Time   string  `json:"@timestamp"`
}

// Document returns the _id and the source of the document that Flink's job
// (labs/04-export) makes of a row's message. It reports a message that isn't a row.
func Document(message []byte) (id string, source []byte, err error) {
	r, err := ParseMessage(message)
	if err != nil {
		return "", nil, err
	}
	source, err = json.Marshal(document{
		Usid: r.Subject, Device: r.Device, Sensor: r.Sensor, Seq: r.Seq, Action: r.Activity, TS: r.TS,
		X: r.X, Y: r.Y, Z: r.Z, Time: r.Time.UTC().Format(documentTime),
	})
	return r.ID(), source, err
}

// Record returns the key and the time that the Kafka record of a row's message has:
// its usid as decimal text, and its event_time. It reports a message that isn't a row.
func Record(message []byte) (key []byte, at time.Time, err error) {
	r, err := ParseMessage(message)
	if err != nil {
		return nil, time.Time{}, err
	}
	return strconv.AppendInt(nil, int64(r.Subject), 10), r.Time, nil
}
