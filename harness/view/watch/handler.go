package watch

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"time"
)

const (
	maxViewers = 16
	// slowLimit is how long a viewer may take to take a snapshot; one who is cut
	// off connects again by itself.
	slowLimit = 10 * time.Second
)

// handler answers on one address: the page, and the events that it listens to.
type handler struct {
	hub   *hub
	hosts map[string]bool // that a browser may call us
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

// ServeHTTP refuses whom the page isn't for, and answers the others.
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

// refuse returns the status and the reason of a request that isn't answered, or
// 0. A page of another site can make a browser send requests here: by a name of
// its own that it lets point to this machine (Host), or plainly (Origin and
// Sec-Fetch-Site, which a browser adds).
func (h *handler) refuse(r *http.Request) (int, string) {
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	events := r.URL.Path == h.path+"events"
	switch {
	case !h.hosts[r.Host]:
		return http.StatusMisdirectedRequest, "this page is served to this machine only, as 127.0.0.1 or localhost"
	case origin != "" && origin != "http://"+r.Host:
		return http.StatusForbidden, "a page of another origin may not ask"
	case events && site != "" && site != "same-origin" && site != "none":
		return http.StatusForbidden, "a page of another site may not listen"
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed, "this page can only be looked at"
	case r.URL.Path != h.path && !events:
		return http.StatusNotFound, "not found: open the address that 'lab watch' has printed, with all of its path"
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

// events sends snapshots until the viewer goes, or is too slow.
func (h *handler) events(w http.ResponseWriter, r *http.Request) {
	viewer := h.hub.join(h.limit)
	if viewer == nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, fmt.Sprintf("%d pages look already: close one of them", h.limit), http.StatusServiceUnavailable)
		return
	}
	defer h.hub.leave(viewer)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	text := []byte("retry: 1000\n\n") // milliseconds, after which a browser connects again
	for {
		out.SetWriteDeadline(time.Now().Add(h.slow)) // where it can't be set, no server of ours is behind it
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
