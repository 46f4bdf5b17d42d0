package apart

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
)

func discarding(t *testing.T) *Process {
	t.Helper()
	p, err := Start(t.Context(), Task{Kind: Discard, MQTT: brokertest.Mochi(t).Addr(), ClientID: "ear", Source: "smart"})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPause(t *testing.T) {
	p := discarding(t)
	if err := p.Pause(); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := p.Ask()
		answered <- err
	}()
	select {
	case err := <-answered:
		t.Fatalf("it answered while it was paused: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if err := p.Resume(); err != nil {
		t.Fatal(err)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}

func TestKill(t *testing.T) {
	p := discarding(t)
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Ask(); err == nil {
		t.Error("it answered after it was killed")
	}
	if err := p.Stop(); err != nil {
		t.Errorf("it was killed on purpose: %v", err)
	}
}

// TestDeathIsReported: nobody has killed it on purpose.
func TestDeathIsReported(t *testing.T) {
	p := discarding(t)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("error = %v", err)
	}
}

func TestBeginEndsWithItsContext(t *testing.T) {
	p, err := Start(t.Context(), Task{Kind: Bridge, MQTT: "127.0.0.1:1", ClientID: "bridge", Source: "smart", Kafka: []string{"127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, cause)
	defer cancel()
	if err := p.Begin(ctx); !errors.Is(err, cause) {
		t.Errorf("error = %v", err)
	}
	_ = p.Stop() // it was killed
}
