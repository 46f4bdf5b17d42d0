package wisdm

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

var messageRow = Row{
	Subject: 1600, Activity: "A", TS: 252207666810782, X: -0.36476135, Y: 8.793503, Z: 1.496376e-4,
	Device: "watch", Sensor: "accel", Seq: 1, Time: time.UnixMilli(1_700_000_000_050).UTC(),
}

const messageText = `{"usid":1600,"action":"A","ts":252207666810782,"x":-0.36476135,"y":8.793503,"z":0.0001496376,` +
	`"device":"watch","sensor":"accel","seq":1,"event_time":"2023-11-14T22:13:20.050Z"}`

func TestMessageText(t *testing.T) {
	if got := string(AppendMessage(nil, messageRow)); got != messageText {
		t.Errorf("\n got %s\nwant %s", got, messageText)
	}
	if got, err := ParseMessage([]byte(messageText)); got != messageRow || err != nil {
		t.Errorf("read back: %+v, %v", got, err)
	}
}

// A publisher writes some ten thousand messages per second.
func TestAppendMessageAllocatesNothing(t *testing.T) {
	buffer := make([]byte, 0, 512)
	if n := testing.AllocsPerRun(100, func() { AppendMessage(buffer, messageRow) }); n != 0 {
		t.Errorf("%v allocations per message, want none", n)
	}
}

func TestMessageRoundTrip(t *testing.T) {
	rows := []Row{
		{},
		{Device: "a\"b\\c\n\u2028<é>\x7f", Sensor: "日本", Activity: "S"},
		{X: 5e-324, Y: 1.7976931348623157e308, Z: -1e-7, TS: 1<<63 - 1},
		{X: 1e21, Y: -0.1, Z: 123456789, Seq: 1 << 60},
	}
	for _, row := range rows {
		row.Time = DefaultBase
		text := AppendMessage(nil, row)
		if !json.Valid(text) {
			t.Errorf("%s isn't JSON", text)
		}
		if got, err := ParseMessage(text); got != row || err != nil {
			t.Errorf("%s was read as %+v, %v", text, got, err)
		}
	}
}

func TestParseMessageErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "message is not a row: unexpected end of JSON input",
		"[1]":                        "cannot unmarshal array",
		`{"usid":"1600"}`:            "cannot unmarshal string",
		`{"usid":1600}`:              `usid or event_time is missing in "{\"usid\":1600}"`,
		"null":                       "usid or event_time is missing",
		messageText + "x":            "after top-level value",
		cutField("usid"):             "usid or event_time is missing",
		cutField("event_time"):       "usid or event_time is missing",
		replaced("1600,", "1600.5,"): "cannot unmarshal number 1600.5",
		replaced("2023-11-14T", ""):  "parsing time",
	} {
		if _, err := ParseMessage([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant %s", text, err, want)
		}
	}
}

func cutField(name string) string { return replaced(`"`+name+`"`, `"other"`) }

func replaced(old, new string) string { return strings.Replace(messageText, old, new, 1) }

func TestRowID(t *testing.T) {
	if got := messageRow.ID(); got != "1600_watch_accel_1" {
		t.Errorf("the ID is %s", got)
	}
}
