package wait

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestEachWaitIsTwiceTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var w Wait
		for _, want := range []time.Duration{50, 100, 200, 400, 800, 1600, 2000, 2000} {
			began := time.Now()
			if err := w.Sleep(t.Context()); err != nil || time.Since(began) != want*time.Millisecond {
				t.Errorf("waited for %v, %v; want %v", time.Since(began), err, want*time.Millisecond)
			}
		}
	})
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := Wait{last: time.Hour}
	if err := w.Sleep(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
}
