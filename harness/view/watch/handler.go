package watch

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

const (
	maxViewers = 16
	// slowLimit is how long a viewer may take to receive a snapshot. A viewer who is
	// cut off reconnects automatically.
	slowLimit = 10 * time.Second
)

// handler serves the page, and the events that the page listens to.
type handler struct {
	hub   *hub
	hosts map[string]bool // the names by which a browser may call us
	path  string          // of the page, with its secret; it ends with a slash
	limit int             // of viewers
	slow  time.Duration
}

func newHandler(h *hub, port string) *handler {
	return &handler{
		hub: h, path: "/" + rand.Text() + "/", limit: maxViewers, slow: slowLimit,
		hosts: map[string]bool{"127.0.0.1:" + port: true, "localhost:" + port: true},
	}
}

// ServeHTTP refuses requests from outside, and answers the others.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for name, value := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		w.Header().Set(name, value)
	}
	if status, why := h.refuse(r); status != 0 {
		http.Error(w, why, status)
		return
	}
	if r.URL.Path == h.path {
		h.page(w)
		return
	}
	h.events(w, r)
}

// refuse returns status and reason for a request that is refused, or 0. A page of
// another site can make a browser send requests here: with a name of its own that
// it points at this machine (seen in Host), or directly (seen in Origin and
// Sec-Fetch-Site, which browsers add).
func (h *handler) refuse(r *http.Request) (int, string) {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	events := r.URL.Path == h.path+"events"
	switch {
	case !h.hosts[r.Host]:
		return http.StatusMisdirectedRequest, "this page is for this machine only, as 127.0.0.1 or localhost"
	case origin != "" && origin != "http://"+r.Host:
		return http.StatusForbidden, "requests from another origin are refused"
	case events && site != "" && site != "same-origin" && site != "none":
		return http.StatusForbidden, "a page of another site may not listen"
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "only GET is allowed here"
	case r.URL.Path != h.path && !events:
		return http.StatusNotFound, "not found: open the address that 'lab watch' printed, with its whole path"
	}
	return 0, ""
}

func (h *handler) page(w http.ResponseWriter) {
	nonce := rand.Text()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", fmt.Sprintf("default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; "+
		"img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", nonce, nonce))
	writePage(w, h.hub.config, nonce)
}

// events sends snapshots until the viewer leaves, or is too slow.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	viewer := h.hub.join(h.limit)
	if viewer == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, fmt.Sprintf("%d pages are open already: close one of them", h.limit), http.StatusServiceUnavailable)
		return
	}
	defer h.hub.leave(viewer)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	text := []byte("retry: 1000\n\n") // milliseconds until a browser reconnects
	for {
		out.SetWriteDeadline(time.Now().Add(h.slow)) // it fails only without our own server behind it
		if _, err := w.Write(text); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-h.hub.ctx.Done():
			return
		case snapshot := <-viewer:
			text = []byte("data: " + string(snapshot) + "\n\n")
		}
	}
}
