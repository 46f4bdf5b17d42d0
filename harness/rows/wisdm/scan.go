package wisdm

import (
	"strconv"
	"time"
)

// scanMessage reads a row in the layout of AppendMessage, which encoding/json takes
// six times as long for: every row is read by the bridge, the probes and the
// exporter. It accepts nothing that encoding/json wouldn't read in the same way, and
// reports false for whatever it doesn't know.
func scanMessage(data []byte) (r Row, ok bool) {
	s := scanner{rest: data}
	s.literal(`{"usid":`)
	r.Subject = int(s.integer())
	s.literal(`,"action":`)
	r.Activity = known(s.text())
	s.literal(`,"ts":`)
	r.TS = s.integer()
	s.literal(`,"x":`)
	r.X = s.number()
	s.literal(`,"y":`)
	r.Y = s.number()
	s.literal(`,"z":`)
	r.Z = s.number()
	s.literal(`,"device":`)
	r.Device = known(s.text())
	s.literal(`,"sensor":`)
	r.Sensor = known(s.text())
	s.literal(`,"seq":`)
	r.Seq = s.integer()
	s.literal(`,"event_time":`)
	r.Time = s.time()
	s.literal(`}`)
	return r, !s.failed && len(s.rest) == 0
}

// known returns text as a string, without a copy where it is one of the dataset's.
func known(text []byte) string {
	switch string(text) { // which the compiler doesn't make a copy for
	case "phone":
		return "phone"
	case "watch":
		return "watch"
	case "accel":
		return "accel"
	case "gyro":
		return "gyro"
	}
	if len(text) == 1 {
		return ascii[text[0] : text[0]+1]
	}
	return string(text)
}

// ascii has each ASCII character at its place.
var ascii = func() string {
	var all [128]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}()

// scanner reads JSON tokens of a known layout from the front of rest. After
// the first that doesn't fit, it has failed and reads nothing more. It may
// fail on valid JSON, but never takes what is invalid.
type scanner struct {
	rest   []byte
	failed bool
}

func (s *scanner) literal(want string) {
	if s.failed || len(s.rest) < len(want) || string(s.rest[:len(want)]) != want {
		s.failed = true
		return
	}
	s.rest = s.rest[len(want):]
}

// text reads a string without escapes.
func (s *scanner) text() []byte {
	s.literal(`"`)
	for i, c := range s.rest {
		if c == '"' && !s.failed {
			text := s.rest[:i]
			s.rest = s.rest[i+1:]
			return text
		}
		if c == '\\' || c < ' ' || c >= 0x80 {
			break
		}
	}
	s.failed = true
	return nil
}

// integer reads a whole number that fits in 64 bits: up to 18 digits.
func (s *scanner) integer() (value int64) {
	minus := s.skip('-')
	text := s.rest
	n := s.digits()
	if n == 0 || n > 18 {
		s.failed = true
		return 0
	}
	for _, c := range text[:n] {
		value = 10*value + int64(c-'0')
	}
	if minus {
		return -value
	}
	return value
}

// number reads a decimal number, with at most two digits of exponent, which no
// float64 overflows.
func (s *scanner) number() float64 {
	start := s.rest
	s.skip('-')
	if n := s.digits(); n == 0 || n > 100 {
		s.failed = true
	}
	if s.skip('.') && s.anyDigits() == 0 {
		s.failed = true
	}
	if s.skip('e') || s.skip('E') {
		if !s.skip('-') {
			s.skip('+')
		}
		if n := s.anyDigits(); n == 0 || n > 2 {
			s.failed = true
		}
	}
	if s.failed {
		return 0
	}
	value, err := strconv.ParseFloat(string(start[:len(start)-len(s.rest)]), 64)
	s.failed = err != nil
	return value
}

// digits reads those of a whole number: 0 stands alone.
func (s *scanner) digits() int {
	zero := len(s.rest) > 0 && s.rest[0] == '0'
	n := s.anyDigits()
	if zero && n > 1 {
		s.failed = true
	}
	return n
}

func (s *scanner) anyDigits() int {
	n := 0
	for n < len(s.rest) && isDigit(s.rest[n]) {
		n++
	}
	s.rest = s.rest[n:]
	return n
}

func (s *scanner) skip(c byte) bool {
	if len(s.rest) == 0 || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// time reads a string in TimeLayout.
func (s *scanner) time() time.Time {
	text := s.text()
	const shape = "dddd-dd-ddTdd:dd:dd.dddZ"
	if s.failed || !hasShape(text, shape) {
		s.failed = true
		return time.Time{}
	}
	at := func(from, to int) (n int) {
		for _, c := range text[from:to] {
			n = 10*n + int(c-'0')
		}
		return n
	}
	year, month, day := at(0, 4), at(5, 7), at(8, 10)
	hour, minute, second := at(11, 13), at(14, 16), at(17, 19)
	t := time.Date(year, time.Month(month), day, hour, minute, second, at(20, 23)*int(time.Millisecond), time.UTC)
	// time.Date carries the 31st of June over into July; such a text isn't a time.
	if t.Day() != day || t.Month() != time.Month(month) || hour > 23 || minute > 59 || second > 59 {
		s.failed = true
	}
	return t
}

// hasShape compares text with a shape in which d stands for any digit.
func hasShape(text []byte, shape string) bool {
	if len(text) != len(shape) {
		return false
	}
	for i, c := range text {
		if shape[i] == 'd' && !isDigit(c) || shape[i] != 'd' && shape[i] != c {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
