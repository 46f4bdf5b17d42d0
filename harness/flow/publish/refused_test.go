package publish

import (
	"errors"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// TestRefusedLogin: a broker that doesn't let the publisher in won't the next
// time.
func TestRefusedLogin(t *testing.T) {
	addr := brokertest.Refuse(t)
	began := time.Now()
	_, err := Run(t.Context(), Config{
		Broker: "tcp://" + addr, Login: access.Login{User: "ann", Password: access.Hide("s3cr3t")}, QoS: 1, Source: few{count: 3},
	})
	var refused *dial.RefusedError
	if !errors.As(err, &refused) || time.Since(began) > 10*time.Second {
		t.Fatalf("error = %v after %v, want a refusal at once", err, time.Since(began))
	}
	if text := err.Error(); !strings.Contains(text, addr) || !strings.Contains(text, "user ann") || strings.Contains(text, "s3cr3t") {
		t.Errorf("error = %v", err)
	}
}
