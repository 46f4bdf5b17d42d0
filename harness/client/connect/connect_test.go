package connect

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// fakeWorker answers a connector's status with each of answers in turn, the
// last one for ever, and refuses a config with the class "none".
func fakeWorker(t *testing.T, answers ...string) Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /connectors/c/status", func(w http.ResponseWriter, _ *http.Request) {
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		if answer == "404" {
			http.Error(w, `{"error_code":404,"message":"No status found for connector c"}`, http.StatusNotFound)
			return
		}
		fmt.Fprint(w, answer)
	})
	mux.HandleFunc("PUT /connectors/c/config", func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "none") {
			http.Error(w, `{"error_code":500,"message":"Failed to find any class none"}`, http.StatusInternalServerError)
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return Client{Addr: strings.TrimPrefix(server.URL, "http://")}
}

const (
	starting = `{"connector":{"state":"UNASSIGNED"},"tasks":[]}`
	running  = `{"connector":{"state":"RUNNING"},"tasks":[{"state":"RUNNING"}]}`
	failed   = `{"connector":{"state":"RUNNING"},"tasks":[{"state":"FAILED","trace":"org.a.B: outer\n\tat x\nCaused by: org.c.D: no route to broker\n\tat y"}]}`
)

func TestAwaitRunning(t *testing.T) {
	if err := fakeWorker(t, "404", starting, running).AwaitRunning(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	err := fakeWorker(t, starting, failed).AwaitRunning(t.Context(), "c")
	if err == nil || !strings.HasSuffix(err.Error(), "failed: org.c.D: no route to broker") {
		t.Errorf("error = %v, want the root cause", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = fakeWorker(t, starting).AwaitRunning(ctx, "c")
	if err == nil || !strings.Contains(err.Error(), "UNASSIGNED with 0 tasks") {
		t.Errorf("error = %v, want the last state seen", err)
	}
}

func TestPutRefused(t *testing.T) {
	client := fakeWorker(t, running)
	if err := client.Put(t.Context(), "c", map[string]string{"connector.class": "some"}); err != nil {
		t.Error(err)
	}
	err := client.Put(t.Context(), "c", map[string]string{"connector.class": "none"})
	if err == nil || !strings.Contains(err.Error(), "put connector c: answer of Kafka Connect: 500") || !strings.Contains(err.Error(), "Failed to find any class") {
		t.Errorf("error = %v", err)
	}
}

func TestDeleteAbsent(t *testing.T) {
	if err := fakeWorker(t, running).Delete(t.Context(), "d"); err != nil {
		t.Error(err)
	}
}
