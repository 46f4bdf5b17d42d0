package bridge

import (
	"context"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
)

// TestRefusedLogin: an MQTT broker that doesn't let the bridge in won't the next
// time.
func TestRefusedLogin(t *testing.T) {
	addr := brokertest.Refuse(t)
	cfg, err := Config{
		Broker: "tcp://" + addr, Login: brokertest.Login(), Kafka: []string{"nowhere:1"},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = newBridge(cfg, &fake{}).Run(ctx)
	if ctx.Err() != nil {
		t.Fatalf("error = %v, want a refusal at once", err)
	}
	brokertest.CheckRefused(t, err, addr)
}
