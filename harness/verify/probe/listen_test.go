package probe

import (
	"context"
	"fmt"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/server/access"
)

// TestListener counts all messages, keeps the last ones, valid rows or not, and
// reports a broker that is gone.
func TestListener(t *testing.T) {
	broker := brokertest.Mochi(t)
	l, err := Listen(t.Context(), broker.Addr(), access.Login{}, "smart", "listener", 3)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + broker.Addr()).SetClientID("sender"))
	if err := wire.Answer(t.Context(), client.Connect()); err != nil {
		t.Fatal(err)
	}
	defer client.Disconnect(0)
	for i := range 10 {
		if err := wire.Answer(t.Context(), client.Publish("smart", 1, false, fmt.Sprintf("no row %d", i))); err != nil {
			t.Fatal(err)
		}
	}
	heard := func() (n int64) { n, _, _ = l.Heard(); return n }
	until(t, func() bool { return heard() == 10 })
	if _, last, err := l.Heard(); err != nil || fmt.Sprintf("%s", last) != "[no row 9 no row 8 no row 7]" {
		t.Errorf("%s, %v", last, err)
	}
	broker.Close()
	until(t, func() bool { _, _, err := l.Heard(); return err != nil })
	if heard() != 10 {
		t.Errorf("%d messages after the end", heard())
	}
}

func until(t *testing.T, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 10*time.Second {
			t.Fatal("not within 10 s")
		}
	}
}

func TestListenUnreachable(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if _, err := Listen(ctx, "127.0.0.1:1", access.Login{}, "smart", "listener", 3); err == nil || ctx.Err() != nil {
		t.Errorf("listens where nothing is: %v", err)
	}
}
