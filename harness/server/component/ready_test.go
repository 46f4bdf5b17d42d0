package component

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// at is the address of every port.
type at string

func (a at) Addr(string, string) string { return string(a) }

// TestReadyReadsTheAnswer gives the answers that servers give while they boot,
// and once they are up.
func TestReadyReadsTheAnswer(t *testing.T) {
	cases := []struct {
		c      Component
		path   string
		answer string
		want   string // in the error; empty for ready
	}{
		{Kibana(), "/api/status", `{"status":{"overall":{"level":"available","summary":"All services are available"}}}`, ""},
		{Kibana(), "/api/status", `{"status":{"overall":{"state":"green","nickname":"Looking good"}}}`, ""},
		{Kibana(), "/api/status", `{"status":{"overall":{"level":"degraded","summary":"3 services are degraded"}}}`, "3 services are degraded"},
		{Kibana(), "/api/status", `{"status":{"overall":{"state":"red","nickname":"Danger Will Robinson!"}}}`, `"red"`},
		{Kibana(), "/api/status", `{}`, "not available"},
		{Kibana(), "/api/status", `Kibana server is not ready yet`, "can't be read as JSON"},
		{Grafana(), "/api/health", `{"database":"ok","version":"12.3.1"}`, ""},
		{Grafana(), "/api/health", `{"database":"failing"}`, `"failing", not ok`},
	}
	for _, c := range cases {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != c.path {
				http.NotFound(w, r)
				return
			}
			fmt.Fprint(w, c.answer)
		}))
		err := c.c.Ready(t.Context(), at(server.Listener.Addr().String()))
		server.Close()
		wantError(t, c.c.Name+" with "+c.answer, err, c.want)
	}
}

// wantError fails the test unless err holds want, or is nil where that is empty.
func wantError(t *testing.T, what string, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("%s: error = %v, want %q", what, err, want)
	}
}

func TestZooKeeperReady(t *testing.T) {
	for answer, want := range map[string]string{
		"imok": "",
		"This ZooKeeper instance is not currently serving requests": "not currently serving",
		"": `answers ""`,
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go answerOnce(listener, answer)
		wantError(t, answer, ZooKeeper().Ready(t.Context(), at(listener.Addr().String())), want)
		listener.Close()
	}
}

// answerOnce answers ruok, and hangs up on anything else.
func answerOnce(listener net.Listener, answer string) {
	conn, err := listener.Accept()
	if err != nil {
		return
	}
	defer conn.Close()
	word := make([]byte, 4)
	if _, err := conn.Read(word); err == nil && string(word) == "ruok" {
		fmt.Fprint(conn, answer)
	}
}
