package compat

import (
	"strings"
	"testing"

	"github.com/elastic/go-elasticsearch/v8"

	"hoplab.example/harness/experiment/compat"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
)

// compareClients: hoplab has go-elasticsearch's functions without its root package's
// client, which other programs use. That one takes and refuses the same servers.
func compareClients(t *testing.T, state keeper.State, m compat.Matrix) {
	t.Helper()
	stack, err := version.Find(version.Compat)
	if err != nil {
		t.Fatal(err)
	}
	for _, node := range stack.Nodes() {
		client, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{"http://" + state.Addr(node.Name, "http")}})
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Count(client.Count.WithContext(t.Context()))
		if err == nil {
			res.Body.Close()
		}
		works := err == nil && res.StatusCode == 200
		switch cell := m.Cell(node.Version, compat.GoClient); {
		case cell == nil || cell.Works != works:
			t.Errorf("%s: go-elasticsearch's own client: %v, %v; the matrix has %+v", node.Version, works, err, cell)
		case !works && !strings.Contains(err.Error(), "unknown product"):
			t.Errorf("%s: go-elasticsearch's own client: %v", node.Version, err)
		}
	}
}
