package connect

import (
	"os"
	"strings"
	"testing"
)

// TestRootCause has traces as Kafka Connect answered them for wrong connectors.
func TestRootCause(t *testing.T) {
	for file, want := range map[string]string{
		"port":      "Unable to connect to server (32103) - java.net.ConnectException: Connection refused",
		"scheme":    `no NetworkModule installed for scheme "mqtt" of URI "mqtt://127.0.0.1:31329"`,
		"option":    "Unknown parameters=[{foo=bar}]",
		"qos":       "Failed to create and start Camel context (java.lang.IllegalArgumentException)",
		"component": "No endpoint could be found for: phao://fx_t",
		"seda":      "Error binding property (camel.component.seda.queueSize=many)",
	} {
		trace, err := os.ReadFile("testdata/" + file + ".trace")
		if err != nil {
			t.Fatal(err)
		}
		if got := rootCause(string(trace)); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", file, got, want)
		}
	}
	for trace, want := range map[string]string{"": "it gave no reason", "a.B: outer\n\tat x\nCaused by: c.D: inner\n\tat y": "c.D: inner", "a.B": "a.B"} {
		if got := rootCause(trace); got != want {
			t.Errorf("%q: %q, want %q", trace, got, want)
		}
	}
}
