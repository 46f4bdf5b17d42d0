package bridge

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// TestRefusedLogin: an MQTT broker that doesn't let the bridge in won't the next
// time.
func TestRefusedLogin(t *testing.T) {
	addr := brokertest.Refuse(t)
	cfg, err := Config{
		Broker: "tcp://" + addr, Login: access.Login{User: "ann", Password: access.Hide("s3cr3t")}, Kafka: []string{"nowhere:1"},
	}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	err = newBridge(cfg, &fake{}).Run(ctx)
	var refused *dial.RefusedError
	if ctx.Err() != nil || !errors.As(err, &refused) {
		t.Fatalf("error = %v, want a refusal at once", err)
	}
	if text := err.Error(); !strings.Contains(text, addr) || !strings.Contains(text, "user ann") || strings.Contains(text, "s3cr3t") {
		t.Errorf("error = %v", err)
	}
}
