package elastic

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"
	"github.com/elastic/go-elasticsearch/v8/esapi"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
)

// ErrUnknownProduct is a server that go-elasticsearch refuses.
var ErrUnknownProduct = errors.New(
	"go-elasticsearch 8 takes the server for an unknown product: it wants Elasticsearch 7.14 or newer, whose answers have the header X-Elastic-Product")

// API has go-elasticsearch's functions, such as Search. They are in its package
// esapi. Its root package has a client too, but imports the typed API: 850 packages
// that the command would be built with, and that nothing here uses.
type API struct {
	*esapi.API
	transport *elastictransport.Client
	known     atomic.Bool
}

// NewAPI returns the API of the node at addr (host:port). headers limits how long an
// answer may take to begin; 0 for no limit. Nothing is tried twice.
func NewAPI(addr string, login access.Login, headers time.Duration) (*API, error) {
	at, err := url.Parse(dial.URL(login, addr))
	if err != nil {
		return nil, fmt.Errorf("make a client of Elasticsearch at %s: %w", addr, err)
	}
	transport, err := elastictransport.NewClient(elastictransport.WithURLs(at),
		elastictransport.WithTransport(dial.HTTP(login, headers)), elastictransport.WithDisableRetry())
	if err != nil {
		return nil, fmt.Errorf("make a client of Elasticsearch at %s: %w", addr, err)
	}
	a := &API{transport: transport}
	a.API = esapi.New(a)
	return a, nil
}

// Perform sends a request. As the root package's client does (BaseClient.Perform in
// elasticsearch.go, v8.19), it looks at the first 2xx answer, and refuses a server
// that doesn't say what it is. scenarios/compat compares the two.
func (a *API) Perform(req *http.Request) (*http.Response, error) {
	res, err := a.transport.Perform(req)
	if err != nil || a.known.Load() || res.StatusCode < 200 || res.StatusCode > 299 {
		return res, err
	}
	if res.Header.Get("X-Elastic-Product") != "Elasticsearch" {
		res.Body.Close()
		return nil, ErrUnknownProduct
	}
	a.known.Store(true)
	return res, nil
}

// Body reads what a function of API has returned. An answer that isn't 2xx is a
// *httpjson.StatusError.
func Body(res *esapi.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.IsError() {
		err = &httpjson.StatusError{Code: res.StatusCode, Status: res.Status(), Body: body}
	}
	return body, err
}
