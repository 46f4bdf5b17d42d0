package wisdm

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

// TestParseShortAgreesWithStrconv to the last bit, and that of zero.
func TestParseShortAgreesWithStrconv(t *testing.T) {
	texts := []string{"0", "-0", "-0.0", "5.", ".5", "-.5", "999999999999999", "-99999999999999.9", ".999999999999999", "0.00000000000001"}
	random := splitmix(11)
	for range 100_000 {
		digits := random.next() % 1e15
		scale := random.next() % 16
		texts = append(texts, fmt.Sprintf("%.*f", int(scale), float64(digits)/math.Pow(10, float64(scale))))
		texts = append(texts, strconv.FormatFloat(float64(float32(int64(digits)-5e14)/(1<<44)), 'f', -1, 32))
	}
	short := 0
	for _, text := range texts {
		got, ok := parseShort([]byte(text))
		if !ok {
			continue
		}
		short++
		if want, err := strconv.ParseFloat(text, 64); err != nil || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s is read as %v, want %v (%v)", text, got, want, err)
		}
	}
	if short < len(texts)/2 {
		t.Errorf("only %d of %d were read the short way", short, len(texts))
	}
}

func TestParseShortLeavesToStrconv(t *testing.T) {
	for _, text := range []string{"", ".", "-", "-.", "--1", "1-", "1.2.3", "1e3", "+1", "1_0", "1000000000000000", "0.0000000000000001", " 1"} {
		if got, ok := parseShort([]byte(text)); ok {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestParseFloatAllocates(t *testing.T) {
	var value float64
	// ParseFloat keeps no hold of its argument, so that its copy stays on the
	// stack.
	text := []byte("-1.496376234234234E-4")
	if got := testing.AllocsPerRun(100, func() { parseFloat(text, &value) }); got > 0 {
		t.Errorf("%v allocations, want none", got)
	}
}
