package usage

import (
	"context"
	"sync"
	"testing"
	"time"
)

// burn computes until this process has taken so much CPU time more.
func burn(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
	}
}

func TestParts(t *testing.T) {
	stop, err := Parts()
	if err != nil {
		t.Skip("skipped because another CPU profile is being made: " + err.Error())
	}
	if _, err := Parts(); err == nil {
		t.Error("two profiles at once")
	}
	var group sync.WaitGroup
	Part(t.Context(), "long", func(ctx context.Context) {
		group.Go(func() { burn(300 * time.Millisecond) }) // a goroutine of the part's
	})
	group.Wait()
	Part(t.Context(), "short", func(context.Context) { burn(100 * time.Millisecond) })
	parts, err := stop()
	if err != nil {
		t.Fatal(err)
	}
	if parts["long"] <= parts["short"] || parts["short"] <= 0 {
		t.Errorf("%v, want more time for the long part, and some for the short one", parts)
	}
	if again, _ := stop(); again["long"] != parts["long"] {
		t.Errorf("%v, and when asked again %v", parts, again)
	}
	if _, err := byPart([]byte("no profile")); err == nil {
		t.Error("a text that isn't a profile has parts")
	}
}
