package cleanup

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"hoplab.example/harness/flow/pipeline"
)

// TestKibanaIsOthersToo: a run takes nothing in Kibana that is there already, and
// removes what is its own.
func TestKibanaIsOthersToo(t *testing.T) {
	taken, deleted := "", []string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodDelete:
			deleted = append(deleted, r.URL.Path)
			io.WriteString(w, "{}")
		case taken != "" && strings.HasSuffix(r.URL.Path, taken):
			io.WriteString(w, "{}")
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	p := pipeline.Pipeline{Sites: oneServer(server.Listener.Addr().String()), Names: pipeline.NewNames("x")}
	if err := claimKibana(t.Context(), p); err != nil {
		t.Error(err)
	}
	taken = "/visualization/hoplab-maxima-datuak_x"
	var already *TakenError
	if err := claimKibana(t.Context(), p); !errors.As(err, &already) || already.Name != "hoplab-maxima-datuak_x" {
		t.Errorf("error = %v, want that it is taken", err)
	}
	if err := removeKibana(t.Context(), p); err != nil || len(deleted) != 9 || deleted[0] != "/api/saved_objects/dashboard/hoplab-rows-datuak_x" {
		t.Errorf("deleted %q, %v; want the run's 9 objects, the dashboard first", deleted, err)
	}
}
