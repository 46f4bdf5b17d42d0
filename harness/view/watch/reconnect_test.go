package watch

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"hoplab.example/harness/util/chromiumtest"
)

// TestPageConnectsAgain after its connection was cut, after it was refused, and
// says meanwhile that what it shows is old.
func TestPageConnectsAgain(t *testing.T) {
	f := newFake(10)
	f.growBy(1)
	ctx, cancel := context.WithCancel(t.Context())
	hub := newHub(ctx, shown(f).withDefaults())
	var full atomic.Bool
	server := httptest.NewUnstartedServer(nil)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	h := newHandler(hub, port)
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if full.Load() {
			http.Error(w, "full", http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	})
	server.Start()
	defer func() {
		cancel()
		server.Close()
		hub.end()
	}()
	tab, _ := chromiumtest.Open(t, server.URL)
	open(t, tab, server.URL+h.path)
	grows := func(after string) {
		t.Helper()
		was := chromiumtest.Ask[string](t, tab, `document.querySelector('.rows').textContent`)
		chromiumtest.Await(t, tab, `window.sameLoad && document.body.dataset.link === 'up' && document.querySelector('.rows').textContent !== '`+was+`'`)
		t.Logf("the page goes on %s", after)
	}
	grows("at first")
	server.CloseClientConnections()
	grows("after its connection was cut")
	full.Store(true)
	server.CloseClientConnections()
	chromiumtest.Await(t, tab, `document.body.dataset.link === 'lost' && !document.getElementById('lost').hidden`)
	full.Store(false)
	grows("after it was refused")
}
