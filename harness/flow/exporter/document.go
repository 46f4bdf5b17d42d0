package exporter

import (
	"encoding/json"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/rows/wisdm"
)

// timeLayout is Flink's: json.timestamp-format.standard = ISO-8601 leaves out
// the zeros at a fraction's end.
const timeLayout = "2006-01-02T15:04:05.999Z"

// document is one that is to be written, and where it came from.
type document struct {
	id     string
	source []byte
	from   kafka.Message
}

// fields are the document's, in the order of the table in
// labs/04-export/solution/export.sql.
type fields struct {
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

// documentOf reports a message that isn't a row.
func documentOf(m kafka.Message) (document, error) {
	r, err := wisdm.ParseMessage(m.Value)
	if err != nil {
		return document{}, err
	}
	source, err := json.Marshal(fields{
		Usid: r.Subject, Device: r.Device, Sensor: r.Sensor, Seq: r.Seq, Action: r.Activity, TS: r.TS,
		X: r.X, Y: r.Y, Z: r.Z, Time: r.Time.UTC().Format(timeLayout),
	})
	return document{id: r.ID(), source: source, from: m}, err
}
