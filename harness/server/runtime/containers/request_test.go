package containers

import (
	"testing"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime/ports"
)

// TestEveryPortIsOnLoopback: a component that exposes no port would have all that its
// image declares published by the library, on every address.
func TestEveryPortIsOnLoopback(t *testing.T) {
	r := &Runtime{options: Options{Components: component.All()}, ports: ports.New(nil)}
	defer r.ports.Close()
	for _, c := range component.All() {
		if len(exposed(c)) == 0 {
			t.Errorf("%s exposes no port", c.Name)
		}
		for port, bound := range r.bindings(c) {
			for _, b := range bound {
				if !b.HostIP.IsLoopback() {
					t.Errorf("%s: %v is bound to %v", c.Name, port, b)
				}
			}
		}
		if len(r.bindings(c)) != len(exposed(c)) {
			t.Errorf("%s exposes %v and binds %v", c.Name, exposed(c), r.bindings(c))
		}
	}
}
