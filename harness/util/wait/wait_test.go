package wait

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestForEndsWithItsContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	if err := For(ctx, time.Microsecond); err != nil {
		t.Errorf("For = %v", err)
	}
	cancel(cause)
	for _, d := range []time.Duration{0, time.Hour} {
		if err := For(ctx, d); !errors.Is(err, cause) {
			t.Errorf("For(%v) = %v", d, err)
		}
	}
}

func TestUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began, asked := time.Now(), 0
		wrong := errors.New("wrong")
		err := Until(t.Context(), time.Second, func() (bool, error) { asked++; return asked == 3, wrong })
		if err != wrong || asked != 3 || time.Since(began) != 2*time.Second {
			t.Errorf("asked %d times in %v: %v", asked, time.Since(began), err)
		}
	})
}

// TestUntilSaysWhatWasSeenLast: not what the end of the context itself has made
// of the last question.
func TestUntilSaysWhatWasSeenLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		err := Until(ctx, time.Second, func() (bool, error) {
			if For(ctx, 700*time.Millisecond) != nil {
				return false, ctx.Err()
			}
			return false, errors.New("it boots")
		})
		var ended *Ended
		if !errors.As(err, &ended) || !errors.Is(err, context.DeadlineExceeded) || ended.Last.Error() != "it boots" {
			t.Errorf("error = %v", err)
		}
		if want := "context deadline exceeded; seen last: it boots"; err.Error() != want {
			t.Errorf("error = %q, want %q", err, want)
		}
	})
}
