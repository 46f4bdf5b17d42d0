package wisdm

import (
	"strings"
	"testing"
)

// TestScanMessage: what is scanned is read as encoding/json reads it, and hoplab's
// own rows are scanned.
func TestScanMessage(t *testing.T) {
	for _, test := range []struct {
		name, old, new string
		scanned        bool
	}{
		{"own", "", "", true},
		{"negative", `"ts":2`, `"ts":-2`, true},
		{"exponent", `"x":-0.36476135`, `"x":-1e-05`, true},
		{"minus zero", `"x":-0.36476135`, `"x":-0`, true},
		{"zero", `1600`, `0`, true},
		{"other names", `"watch"`, `"ring"`, true},
		{"no name", `"watch"`, `""`, true},
		{"leading zero", `1600`, `01600`, false},
		{"huge usid", `1600`, `16000000000000000000000`, false},
		{"real usid", `1600`, `1600.0`, false},
		{"huge number", `"x":-0.36476135`, `"x":1e309`, false},
		{"spaces", `,`, `, `, false},
		{"escape", `"A"`, `"\u0041"`, false},
		{"not ASCII", `"A"`, `"é"`, false},
		{"another zone", `Z"`, `+01:00"`, false},
		{"no fraction", `.050Z`, `Z`, false},
		{"31 June", `2023-11-14`, `2023-06-31`, false},
		{"29 February", `2023-11-14`, `2024-02-29`, true},
		{"29 February of another year", `2023-11-14`, `2023-02-29`, false},
		{"no such hour", `T22`, `T24`, false},
		{"before 1970", `2023-`, `1969-`, true},
		{"trailing", `Z"}`, `Z"}x`, false},
		{"cut", `Z"}`, `Z"`, false},
		{"another field", `"seq":1`, `"seq":1,"more":1`, false},
	} {
		payload := []byte(strings.Replace(messageText, test.old, test.new, 1))
		row, ok := scanMessage(payload)
		if ok != test.scanned {
			t.Errorf("%s: scanned %v, want %v", test.name, ok, test.scanned)
		}
		if want, err := decodeMessage(payload); ok && (err != nil || row != want) {
			t.Errorf("%s: scanned %+v, decoded %+v, %v", test.name, row, want, err)
		}
	}
}

func FuzzScanMessage(f *testing.F) {
	f.Add([]byte(messageText))
	f.Add([]byte(strings.Replace(messageText, `"x":-0.36476135`, `"x":-3.5E+07`, 1)))
	f.Add([]byte(strings.Replace(messageText, "2023-11-14", "2024-02-30", 1)))
	f.Add([]byte(`{"usid":1,"event_time":"2023-11-14T22:13:20Z"}`))
	f.Add([]byte("no row"))
	f.Add([]byte(""))
	f.Add([]byte("null"))
	f.Add([]byte(`{"event_time":"2023-11-14T22:13:20Z","USID":5}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		row, ok := scanMessage(data)
		if want, err := decodeMessage(data); ok && (err != nil || row != want) {
			t.Errorf("scanned %+v, decoded %+v, %v", row, want, err)
		}
	})
}

// BenchmarkParseMessage has both ways in one run: the scan stays only as long as
// it is worth its lines.
func BenchmarkParseMessage(b *testing.B) {
	data := []byte(messageText)
	for name, parse := range map[string]func([]byte) (Row, error){"scan": ParseMessage, "encoding_json": decodeMessage} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendMessage(b *testing.B) {
	row, err := ParseMessage([]byte(messageText))
	if err != nil {
		b.Fatal(err)
	}
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		buffer = AppendMessage(buffer[:0], row)
	}
}
