package wisdm

import (
	"strings"
	"testing"
)

const goodLine = "1600,A,252207666810782,-0.36476135,8.793503,1.0550842;"

func TestLineErrors(t *testing.T) {
	cases := []struct{ name, line, want string }{
		{"empty subject", ",A,1,0,0,0;", `:1:1: the subject is not a whole number from 0 to 2147483647: ""`},
		{"subject not a number", "16OO,A,1,0,0,0;", `:1:1: the subject is not a whole number from 0 to 2147483647: "16OO"`},
		{"subject too large", "2147483648,A,1,0,0,0;", `:1:1: the subject is not a whole number from 0 to 2147483647: "2147483648"`},
		{"signed subject", "+1600,A,1,0,0,0;", `:1:1: the subject is not a whole number from 0 to 2147483647: "+1600"`},
		{"activity N", "1600,N,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: "N"`},
		{"activity T", "1600,T,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: "T"`},
		{"small letter", "1600,a,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: "a"`},
		{"two letters", "1600,AB,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: "AB"`},
		{"no activity", "1600,,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: ""`},
		{"fractional timestamp", "1600,A,1.5,0,0,0;", `:1:8: the timestamp is not a whole number of nanoseconds since boot: "1.5"`},
		{"negative timestamp", "1600,A,-1,0,0,0;", `:1:8: the timestamp is not a whole number of nanoseconds since boot: "-1"`},
		{"timestamp past int64", "1600,A,9223372036854775808,0,0,0;", `:1:8: the timestamp is not a whole number of nanoseconds since boot: "9223372036854775808"`},
		{"x not a number", "1600,A,1,x,0,0;", `:1:10: x is not a finite decimal number: "x"`},
		{"y NaN", "1600,A,1,0,NaN,0;", `:1:12: y is not a finite decimal number: "NaN"`},
		{"z Inf", "1600,A,1,0,0,-Inf;", `:1:14: z is not a finite decimal number: "-Inf"`},
		{"hexadecimal", "1600,A,1,0x1p4,0,0;", `:1:10: x is not a finite decimal number: "0x1p4"`},
		{"underscore", "1600,A,1,1_0,0,0;", `:1:10: x is not a finite decimal number: "1_0"`},
		{"two points", "1600,A,1,1.2.3,0,0;", `:1:10: x is not a finite decimal number: "1.2.3"`},
		{"space", "1600,A,1, 1.2,0,0;", `:1:10: x is not a finite decimal number: " 1.2"`},
		{"empty x", "1600,A,1,,0,0;", `:1:10: x is not a finite decimal number: ""`},
		{"too large", "1600,A,1,0,0,1e309;", `:1:14: z is too large for a float64: "1e309"`},
		{"seven fields", "1600,A,1,0,0,0,7;", `:1:16: 7 fields, want 6 (subject,activity,timestamp,x,y,z): "1600,A,1,0,0,0,7"`},
		{"four fields", "1600,A,1,0;", `:1:11: 4 fields, want 6 (subject,activity,timestamp,x,y,z): "1600,A,1,0"`},
		{"no timestamp column", "1600,A,7.09,-0.59,8.19;", `:1:8: 5 fields, want 6 (subject,activity,timestamp,x,y,z); the timestamp column seems to be missing: "1600,A,7.09,-0.59,8.19"`},
		{"five fields with a timestamp", "1600,A,1,0,0;", `:1:13: 5 fields, want 6 (subject,activity,timestamp,x,y,z): "1600,A,1,0,0"`},
		{"four fields, none a timestamp", "1600,A,1.5,2;", `:1:13: 4 fields, want 6 (subject,activity,timestamp,x,y,z): "1600,A,1.5,2"`},
		{"no semicolon", "1600,A,1,0,0,0", `:1:15: no ; at the end of the line: "1600,A,1,0,0,0"`},
		{"text after the semicolon", "1600,A,1,0,0,0; ", `:1:16: text after the ; that ends a row: " "`},
		{"only a semicolon", ";", `:1:1: 1 fields, want 6 (subject,activity,timestamp,x,y,z): ""`},
		{"not UTF-8", "1600,A,1,0,\xff0,0;", `:1:12: a byte that is not UTF-8: "\xff0,0;"`},
		{"not UTF-8 and no semicolon", "1600,\xc3,1", `:1:6: a byte that is not UTF-8: "\xc3,1"`},
		{"a replacement character", "1600,\ufffd,1,0,0,0;", `:1:6: the activity is not one letter, A to S without N: "` + "\ufffd" + `"`},
		{"long field", "1600,A,1," + strings.Repeat("é", 40) + ",0,0;", `:1:10: x is not a finite decimal number: "` + strings.Repeat("é", 30) + `…"`},
		{"long field, cut within a character", "1600,A,1,0" + strings.Repeat("é", 40) + ",0,0;", `:1:10: x is not a finite decimal number: "0` + strings.Repeat("é", 29) + `…"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := readAll(t, c.line+"\n"+goodLine+"\n", Options{})
			if err == nil || err.Error() != "rows.txt"+c.want {
				t.Errorf("reading %q:\n got %v\nwant rows.txt%s", c.line, err, c.want)
			}
			rows, bad, err := readSkipping(t, c.line+"\n"+goodLine+"\n")
			if len(rows) != 1 || len(bad) != 1 || err != nil {
				t.Errorf("reading on: %d rows, %d malformed, %v; want the good row", len(rows), len(bad), err)
			}
		})
	}
}

func TestLineGood(t *testing.T) {
	want := Row{Subject: 1600, Activity: "A", TS: 252207666810782, X: -0.36476135, Y: 8.793503, Z: 1.0550842, Device: "unknown", Sensor: "unknown"}
	for _, text := range []string{goodLine + "\n", goodLine, goodLine + "\r\n", "\n \t\n\r\n" + goodLine + "\n\n"} {
		rows, err := readAll(t, text, Options{})
		if err != nil || len(rows) != 1 || rows[0] != want {
			t.Errorf("reading %q: %+v, %v", text, rows, err)
		}
	}
	for text, x := range map[string]float64{"1.496376E-4": 1.496376e-4, "-.5": -0.5, "+5.": 5, "1e3": 1000} {
		rows, err := readAll(t, "0,S,0,"+text+",0,0;", Options{})
		if err != nil || rows[0].X != x {
			t.Errorf("x %q: %+v, %v; want %v", text, rows, err, x)
		}
	}
}

func TestActivities(t *testing.T) {
	var known string
	for c := range 256 {
		known += activities[c]
	}
	if known != letters {
		t.Errorf("activities are %q, want %q", known, letters)
	}
}

func TestParseFloatAllocates(t *testing.T) {
	var value float64
	// ParseFloat keeps no hold of its argument, so its copy stays on the stack.
	text := []byte("-1.496376234234234E-4")
	if got := testing.AllocsPerRun(100, func() { parseFloat(text, &value) }); got > 0 {
		t.Errorf("%v allocations, want none", got)
	}
}
