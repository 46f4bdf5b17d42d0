package wisdm

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// TimeLayout is how event times are written in messages: ISO-8601 in UTC with
// milliseconds, which Flink's ISO-8601 JSON format reads as TIMESTAMP_LTZ(3)
// and Elasticsearch maps as a date.
const TimeLayout = "2006-01-02T15:04:05.000Z"

// AppendMessage appends r to dst as the JSON object that is published. Its
// first six fields are those of the original lab; the others make a row's key
// unique (device, sensor, seq) and its time usable (event_time):
//
//	{"usid":1600,"action":"A","ts":252207666810782,"x":-0.36,"y":8.79,"z":1.05,
//	 "device":"watch","sensor":"accel","seq":1,"event_time":"2023-11-14T22:13:20.000Z"}
func AppendMessage(dst []byte, r Row) []byte {
	dst = append(dst, `{"usid":`...)
	dst = strconv.AppendInt(dst, int64(r.Subject), 10)
	dst = append(dst, `,"action":`...)
	dst = appendString(dst, r.Activity)
	dst = append(dst, `,"ts":`...)
	dst = strconv.AppendInt(dst, r.TS, 10)
	dst = append(dst, `,"x":`...)
	dst = strconv.AppendFloat(dst, r.X, 'g', -1, 64)
	dst = append(dst, `,"y":`...)
	dst = strconv.AppendFloat(dst, r.Y, 'g', -1, 64)
	dst = append(dst, `,"z":`...)
	dst = strconv.AppendFloat(dst, r.Z, 'g', -1, 64)
	dst = append(dst, `,"device":`...)
	dst = appendString(dst, r.Device)
	dst = append(dst, `,"sensor":`...)
	dst = appendString(dst, r.Sensor)
	dst = append(dst, `,"seq":`...)
	dst = strconv.AppendInt(dst, r.Seq, 10)
	dst = append(dst, `,"event_time":"`...)
	dst = r.Time.UTC().AppendFormat(dst, TimeLayout)
	return append(dst, `"}`...)
}

// appendString writes the dataset's own words without encoding/json, which allocates
// for each: a publisher writes three of them per row.
func appendString(dst []byte, s string) []byte {
	if isPlain(s) {
		return append(append(append(dst, '"'), s...), '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil { // a string always marshals
		panic(err)
	}
	return append(dst, quoted...)
}

// isPlain reports whether s has only ASCII letters, which JSON never escapes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

type message struct {
	Usid      *int       `json:"usid"`
	Action    string     `json:"action"`
	TS        int64      `json:"ts"`
	X         float64    `json:"x"`
	Y         float64    `json:"y"`
	Z         float64    `json:"z"`
	Device    string     `json:"device"`
	Sensor    string     `json:"sensor"`
	Seq       int64      `json:"seq"`
	EventTime *time.Time `json:"event_time"`
}

// ParseMessage reads what AppendMessage wrote. It reports a message that isn't a
// JSON object, or that lacks usid or event_time.
func ParseMessage(data []byte) (Row, error) {
	if row, ok := scanMessage(data); ok {
		return row, nil
	}
	return decodeMessage(data)
}

// decodeMessage reads a message of any layout.
func decodeMessage(data []byte) (Row, error) {
	var m message
	if err := json.Unmarshal(data, &m); err != nil {
		return Row{}, fmt.Errorf("message is not a row: %w", err)
	}
	if m.Usid == nil || m.EventTime == nil {
		return Row{}, fmt.Errorf("message is not a row: usid or event_time is missing in %.80q", data)
	}
	return Row{
		Subject: *m.Usid, Activity: m.Action, TS: m.TS, X: m.X, Y: m.Y, Z: m.Z,
		Device: m.Device, Sensor: m.Sensor, Seq: m.Seq, Time: m.EventTime.UTC(),
	}, nil
}
