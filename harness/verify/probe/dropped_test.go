package probe

import (
	"context"
	"errors"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/server/access"
)

// How mosquitto counts is seen in scenarios/faults, with a queue that fills.
func TestDrops(t *testing.T) {
	d, err := ListenDrops(t.Context(), brokertest.Mosquitto(t), access.Login{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if n, err := d.Count(); n != 0 || err != nil {
		t.Errorf("%d dropped, %v", n, err)
	}
}

func TestDropsUntold(t *testing.T) {
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 300*time.Millisecond, enough)
	defer cancel()
	if _, err := ListenDrops(ctx, brokertest.Mochi(t).Addr(), access.Login{}); !errors.Is(err, enough) {
		t.Errorf("a broker of another kind: %v, want %v", err, enough)
	}
}
