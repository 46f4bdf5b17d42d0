package exporter

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/client/topic"
	"hoplab.example/harness/rows/wisdm"
)

// FuzzRecord: a record that is a row becomes one line of JSON with the row's own
// numbers and id; any other becomes no document, and goes to the topic for those
// with all of its bytes and one word on why.
func FuzzRecord(f *testing.F) {
	row := wisdm.Row{Subject: 1600, Activity: "A", TS: 252207666810782, X: -0.36476135, Y: 8.793503, Z: 1.0550842, Device: "phone", Sensor: "accel", Seq: 7}
	wisdm.NewTimeline(wisdm.DefaultBase).Place(&row)
	good := wisdm.AppendMessage(nil, row)
	f.Add(good, []byte("1600"), "")
	f.Add(bytes.Replace(good, []byte("-0.36476135"), []byte("-0"), 1), []byte(nil), "x")
	f.Add([]byte("{}"), []byte("\x00\xff"), topic.ErrorHeader)
	f.Add([]byte("\xff\xfe\n{"), []byte("k"), "a")
	f.Fuzz(func(t *testing.T, value, key []byte, header string) {
		m := kafka.Message{Topic: "smart", Partition: 2, Offset: 9, Key: key, Value: value}
		if header != "" {
			m.Headers = []kafka.Header{{Key: header, Value: key}}
		}
		want, parseErr := wisdm.ParseMessage(value)
		id, source, err := rowDocument(m)
		d := document{id, source, m}
		if (err == nil) != (parseErr == nil) {
			t.Fatalf("%q: %v; ParseMessage: %v", value, err, parseErr)
		}
		if err != nil {
			checkMarked(t, m, d, err)
			return
		}
		checkDocument(t, d, want)
	})
}

func checkDocument(t *testing.T, d document, want wisdm.Row) {
	t.Helper()
	if d.id != want.ID() || d.id == "" || bytes.ContainsAny(d.source, "\r\n") {
		t.Errorf("document %q: %q", d.id, d.source)
	}
	var got struct {
		Usid                   int
		Device, Sensor, Action string
		Seq, TS                int64
		X, Y, Z                float64
		Time                   string `json:"@timestamp"`
	}
	decoder := json.NewDecoder(bytes.NewReader(d.source))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatalf("%q: %v", d.source, err)
	}
	if got.Usid != want.Subject || got.Seq != want.Seq || got.TS != want.TS || got.X != want.X || got.Y != want.Y || got.Z != want.Z ||
		got.Device != want.Device || got.Sensor != want.Sensor || got.Action != want.Activity {
		t.Errorf("%+v became %q", want, d.source)
	}
	if want.Time.UTC().Format("2006-01-02T15:04:05.999Z") != got.Time {
		t.Errorf("%v became %q", want.Time, got.Time)
	}
}

func checkMarked(t *testing.T, m kafka.Message, d document, err error) {
	t.Helper()
	if d.id != "" || d.source != nil {
		t.Errorf("a document of what isn't a row: %+v", d)
	}
	r := marked(m, err)
	if !bytes.Equal(r.Value, m.Value) || !bytes.Equal(r.Key, m.Key) || len(r.Headers) < len(m.Headers) || r.Topic != "" {
		t.Errorf("%+v became %+v", m, r)
	}
	reasons := 0
	for _, h := range r.Headers[len(m.Headers):] {
		if h.Key == topic.ErrorHeader {
			reasons++
		}
		if h.Key == OriginHeader && string(h.Value) != "smart/2/9" {
			t.Errorf("it was read from %s", h.Value)
		}
		if len(h.Value) > 1000 || !utf8.Valid(h.Value) && utf8.Valid(m.Value) || strings.ContainsAny(string(h.Value), "\x00") {
			t.Errorf("header %s: %q", h.Key, h.Value)
		}
	}
	told := len(m.Headers) > 0 && m.Headers[0].Key == topic.ErrorHeader
	if told == (reasons == 1) {
		t.Errorf("%d reasons are added, the bridge's is there: %v", reasons, told)
	}
}
