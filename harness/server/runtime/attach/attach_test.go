package attach

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/flow/brokertest"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
)

// boot attaches to the one component of a file.
func boot(t *testing.T, name, addr string) error {
	t.Helper()
	file, err := Load(write(t, fmt.Sprintf("components:\n  %s: {address: %q, user: ann, password: s3cr3t}\n", name, addr)))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(component.All(), func(c component.Component) bool { return c.Name == name })
	rt := New(file)
	rt.limit = time.Second
	defer rt.Close()
	_, err = runtime.Boot(t.Context(), rt, component.All()[i], func(runtime.State) {})
	return err
}

func elasticsearch(t *testing.T, password string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, given, _ := r.BasicAuth(); user != "ann" || given != password {
			w.WriteHeader(http.StatusUnauthorized)
		}
		fmt.Fprint(w, `{"status":"green"}`)
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

func TestAttach(t *testing.T) {
	if err := boot(t, "elasticsearch", elasticsearch(t, "s3cr3t")); err != nil {
		t.Error(err)
	}
}

// TestAttachDashboards: Kibana and Grafana are asked how they are, by what their public
// APIs say.
func TestAttachDashboards(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, map[string]string{
			"/api/status": `{"version":{"number":"7.17.6"},"status":{"overall":{"state":"green"}}}`, "/api/health": `{"database":"ok","version":"12.2.0"}`,
		}[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	for _, name := range []string{"kibana", "grafana"} {
		if err := boot(t, name, strings.TrimPrefix(server.URL, "http://")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRefused is about logins that aren't let in: an error at once that says
// where and who, and not with what.
func TestRefused(t *testing.T) {
	for name, addr := range map[string]string{"elasticsearch": elasticsearch(t, "another"), "mosquitto": brokertest.Refuse(t)} {
		began := time.Now()
		err := boot(t, name, addr)
		var refused *dial.RefusedError
		if !errors.As(err, &refused) || time.Since(began) > 5*time.Second {
			t.Errorf("%s: %v after %v, want a refusal at once", name, err, time.Since(began))
			continue
		}
		for _, want := range []string{name, addr, "user ann"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q lacks %q", name, err, want)
			}
		}
		if strings.Contains(err.Error()+refused.Hint(), "s3cr3t") {
			t.Errorf("the password is in %q", err)
		}
	}
}

func TestUnreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close() // nobody listens there any more
	addr := listener.Addr().String()
	for _, name := range []string{"mosquitto", "kafka", "elasticsearch", "flink-gateway"} {
		err := boot(t, name, addr)
		var gone *UnreachableError
		if !errors.As(err, &gone) || !strings.Contains(err.Error(), name+" at "+addr+" doesn't serve") || !strings.Contains(gone.Hint(), "class.yaml:2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
