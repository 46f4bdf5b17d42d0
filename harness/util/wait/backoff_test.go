package wait

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestEachPauseIsTwiceTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b Backoff
		for _, want := range []time.Duration{50, 100, 200, 400, 800, 1600, 2000, 2000} {
			slept(t, &b, want*time.Millisecond)
		}
		b.Reset()
		slept(t, &b, 50*time.Millisecond)
		b = Backoff{First: 10 * time.Millisecond, Longest: 15 * time.Millisecond}
		slept(t, &b, 10*time.Millisecond)
		slept(t, &b, 15*time.Millisecond)
	})
}

func slept(t *testing.T, b *Backoff, want time.Duration) {
	t.Helper()
	began := time.Now()
	if err := b.Sleep(t.Context()); err != nil || time.Since(began) != want {
		t.Errorf("waited for %v, %v; want %v", time.Since(began), err, want)
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	b := Backoff{First: time.Hour}
	if err := b.Sleep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}
