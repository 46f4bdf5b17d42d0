package dial

import (
	"net/http"
	"sync"
	"time"

	"hoplab.example/harness/server/access"
)

type sharedKey struct {
	tls     access.TLS
	headers time.Duration
}

var (
	sharing    sync.Mutex
	transports = map[sharedKey]*http.Transport{}
)

// shared returns one transport for all clients of the same kind: each has
// connections of its own that stay open for a while.
func shared(tls access.TLS, headers time.Duration) *http.Transport {
	sharing.Lock()
	defer sharing.Unlock()
	key := sharedKey{tls, headers}
	if transports[key] == nil {
		made := http.DefaultTransport.(*http.Transport).Clone()
		made.TLSClientConfig, made.ResponseHeaderTimeout = tls.Config(), headers
		transports[key] = made
	}
	return transports[key]
}
