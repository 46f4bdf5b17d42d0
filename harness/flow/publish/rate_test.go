package publish

import (
	"context"
	"errors"
	"testing"
	"time"

	"hoplab.example/harness/rows/wisdm"
)

func TestParseRate(t *testing.T) {
	tests := []struct {
		text  string
		every time.Duration
		speed float64
	}{
		{"max", 0, 0},
		{"original", 500 * time.Millisecond, 0},
		{"real", 0, 1},
		{"x10", 0, 10},
		{"x0.5", 0, 0.5},
		{"x1000000", 0, 1e6},
		{"200/s", 5 * time.Millisecond, 0},
		{"0.5/s", 2 * time.Second, 0},
		{"1000000000/s", time.Nanosecond, 0},
	}
	for _, test := range tests {
		r, err := ParseRate(test.text)
		if err != nil || r.every != test.every || r.speed != test.speed || r.String() != test.text {
			t.Errorf("ParseRate(%q) = %+v, %v", test.text, r, err)
		}
	}
	for _, text := range []string{
		"", "fast", "x", "x0", "x-1", "xNaN", "xInf", "x1e7", "x1e-300", "10", "/s", "0/s", "-5/s", "NaN/s", "Inf/s", "1e10/s", "5/m", "10x", "Max",
	} {
		if r, err := ParseRate(text); err == nil {
			t.Errorf("ParseRate(%q) = %+v, want an error", text, r)
		}
	}
	if got := (Rate{}).String(); got != "max" {
		t.Errorf("the zero Rate is %q", got)
	}
}

func TestGap(t *testing.T) {
	row := func(subject int, seq int64, at time.Duration) wisdm.Row {
		return wisdm.Row{Subject: subject, Seq: seq, Time: wisdm.DefaultBase.Add(at)}
	}
	last := row(1600, 5, time.Second)
	latest := last.Time.Add(time.Second)
	tests := []struct {
		rate string
		row  wisdm.Row
		want time.Duration
	}{
		{"max", row(1600, 6, 2*time.Second), 0},
		{"20/s", row(1601, 1, 0), 50 * time.Millisecond},
		{"real", row(1601, 6, 2050*time.Millisecond), 50 * time.Millisecond},
		{"x10", row(1601, 6, 2050*time.Millisecond), 5 * time.Millisecond},
		{"x0.5", row(1601, 6, 2050*time.Millisecond), 100 * time.Millisecond},
		{"real", row(1601, 6, time.Minute), 58 * time.Second},
		{"real", row(1601, 1, 0), 0},                                         // late, or another file
		{"real", row(1600, 6, 1050*time.Millisecond), 50 * time.Millisecond}, // the next of that file
		{"real", row(1600, 7, 1050*time.Millisecond), 0},                     // late
	}
	for _, test := range tests {
		rate, err := ParseRate(test.rate)
		if err != nil {
			t.Fatal(err)
		}
		p := pacer{rate: rate, last: last, at: latest}
		if got := p.gap(test.row); got != test.want {
			t.Errorf("%s: gap to %+v is %v, want %v", test.rate, test.row, got, test.want)
		}
	}
}

// A late row is not made up for by those after it being late too.
func TestPacerKeepsTheClock(t *testing.T) {
	p := pacer{rate: Rate{every: 10 * time.Millisecond}}
	began := time.Now()
	for n := range 21 {
		if n == 5 {
			time.Sleep(60 * time.Millisecond) // the row that is late
		}
		if err := p.wait(t.Context(), wisdm.Row{}); err != nil {
			t.Fatal(err)
		}
	}
	if p.due != 200*time.Millisecond {
		t.Errorf("the last row is due after %v, want 200 ms", p.due)
	}
	if took := time.Since(began); took < 200*time.Millisecond || took > time.Second { // the machine may be busy
		t.Errorf("21 rows at 10 ms took %v, want about 200 ms", took)
	}
}

func TestPacerEndsWithContext(t *testing.T) {
	enough := errors.New("enough")
	for _, every := range []time.Duration{0, time.Hour} {
		ctx, cancel := context.WithCancelCause(t.Context())
		p := pacer{rate: Rate{every: every}}
		if err := p.wait(ctx, wisdm.Row{}); err != nil {
			t.Fatalf("the first row waits: %v", err)
		}
		cancel(enough)
		if err := p.wait(ctx, wisdm.Row{}); !errors.Is(err, enough) {
			t.Errorf("every %v: %v, want %v", every, err, enough)
		}
	}
}
