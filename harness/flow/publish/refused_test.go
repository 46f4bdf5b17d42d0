package publish

import (
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
)

// TestRefusedLogin: a broker that doesn't let the publisher in won't the next
// time.
func TestRefusedLogin(t *testing.T) {
	addr := brokertest.Refuse(t)
	began := time.Now()
	_, err := Run(t.Context(), Config{
		Broker: "tcp://" + addr, Login: brokertest.Login(), QoS: 1, Source: few{count: 3},
	})
	if took := time.Since(began); took > 10*time.Second {
		t.Fatalf("error = %v after %v, want a refusal at once", err, took)
	}
	brokertest.CheckRefused(t, err, addr)
}
