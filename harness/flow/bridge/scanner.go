package bridge

import "time"

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

// integer reads one that fits in 64 bits: up to 18 digits. It leaves -0 aside,
// so that a number has one text only.
func (s *scanner) integer() []byte {
	start := s.rest
	minus := s.skip('-')
	if n := s.digits(); n == 0 || n > 18 || minus && start[1] == '0' {
		s.failed = true
	}
	if s.failed {
		return nil
	}
	return start[:len(start)-len(s.rest)]
}

// number reads a decimal one, with at most two digits of exponent, which no
// float64 overflows.
func (s *scanner) number() {
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
}

// digits reads a whole number's: 0 stands alone.
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

// time reads a string in wisdm.TimeLayout.
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
	// time.Date carries the 31st of June over into July; such a text is no time.
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
