package bridge

import (
	"strconv"
	"strings"
	"testing"

	"hoplab.example/harness/rows/wisdm"
)

// ofRows carries rows.
var ofRows = Config{Record: wisdm.Record}

// TestRowKey: the key and the time of what is a row, and none of what isn't.
func TestRowKey(t *testing.T) {
	own := row(1623, 7)
	tests := []struct {
		name, payload string
		key           string // none where it isn't a row, or has no time for Kafka
	}{
		{"own", own, "1623"},
		{"negative and exponents", strings.NewReplacer(`"ts":7`, `"ts":-7`, `"x":2.3333333333333335`, `"x":-1e-05`).Replace(own), "1623"},
		{"zero", strings.Replace(own, "1623", "0", 1), "0"},
		{"minus zero", strings.Replace(own, "1623", "-0", 1), "0"},
		{"leading zero", strings.Replace(own, "1623", "01623", 1), ""},
		{"huge usid", strings.Replace(own, "1623", "16230000000000000000000", 1), ""},
		{"real usid", strings.Replace(own, "1623", "1623.0", 1), ""},
		{"spaces", strings.ReplaceAll(own, ",", ", "), "1623"},
		{"escape", strings.Replace(own, `"A"`, `"\u0041"`, 1), "1623"},
		{"not ASCII", strings.Replace(own, `"A"`, `"é"`, 1), "1623"},
		{"another zone", strings.Replace(own, "Z", "+01:00", 1), "1623"},
		{"no fraction", strings.Replace(own, ".007Z", "Z", 1), "1623"},
		{"31 June", strings.Replace(own, "2023-11-14", "2023-06-31", 1), ""},
		{"29 February", strings.Replace(own, "2023-11-14", "2024-02-29", 1), "1623"},
		{"no such hour", strings.Replace(own, "T22", "T24", 1), ""},
		{"the last of 1969", strings.Replace(own, "2023-11-14T22:13:20.007Z", "1969-12-31T23:59:59.999Z", 1), ""},
		{"the first of 1970", strings.Replace(own, "2023-11-14T22:13:20.007Z", "1970-01-01T00:00:00.000Z", 1), ""},
		{"the second of 1970", strings.Replace(own, "2023-11-14T22:13:20.007Z", "1970-01-01T00:00:00.001Z", 1), "1623"},
		{"the last there is", strings.Replace(own, "2023-11-14T22:13:20.007Z", "2262-04-11T23:47:16.854Z", 1), "1623"},
		{"after that", strings.Replace(own, "2023-11-14T22:13:20.007Z", "2262-04-11T23:47:16.855Z", 1), ""},
		{"before 1970", strings.Replace(own, "2023-", "1969-", 1), ""},
		{"trailing", own + "x", ""},
		{"cut", own[:len(own)-1], ""},
		{"lone usid", `{"usid":1600}`, ""},
		{"lower-case letters", `{"event_time":"2023-11-14T22:13:20Z","USID":5}`, "5"},
		{"empty", "", ""},
		{"null", "null", ""},
	}
	for _, test := range tests {
		key, at, err := ofRows.record([]byte(test.payload))
		if (err == nil) != (test.key != "") || string(key) != test.key {
			t.Errorf("%s: key %q, error %v; want key %q", test.name, key, err, test.key)
		}
		if want, _ := wisdm.ParseMessage([]byte(test.payload)); err == nil && !at.Equal(want.Time) {
			t.Errorf("%s: time %v, want %v", test.name, at, want.Time)
		}
	}
}

func FuzzRowKey(f *testing.F) {
	f.Add([]byte(row(1600, 1)))
	f.Add([]byte(strings.Replace(row(1650, 99), `"x":33`, `"x":-3.5E+07`, 1)))
	f.Add([]byte(strings.Replace(row(1600, 1), "2023-11-14", "2024-02-30", 1)))
	f.Add([]byte(`{"usid":1,"event_time":"2023-11-14T22:13:20Z"}`))
	f.Add([]byte("no row"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		want, parseErr := wisdm.ParseMessage(payload)
		key, at, err := ofRows.record(payload)
		outside := parseErr == nil && (want.Time.Before(earliest) || want.Time.After(latest))
		switch {
		case (err == nil) != (parseErr == nil && !outside):
			t.Errorf("record: %v; ParseMessage: %+v, %v", err, want, parseErr)
		case err == nil && (string(key) != strconv.Itoa(want.Subject) || !at.Equal(want.Time)):
			t.Errorf("key %s, time %v; want %+v", key, at, want)
		case err != nil && key != nil:
			t.Errorf("key %q for what isn't a row", key)
		}
	})
}
