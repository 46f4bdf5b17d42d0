// Package esproxy lets clients of Elasticsearch 7 talk to Elasticsearch 8: it
// passes requests on and asks for answers as 7 gave them. Flink's elasticsearch-7
// sink needs it, since it can't read a bulk answer without _type (seen with 8.6.2). Up to
// 4.0.0 flink-connector-elasticsearch has no sink for 8 in SQL (FLINK-38447).
//
// Elasticsearch calls this REST API compatibility: a media type with
// compatible-with=7 in Accept and Content-Type (Elasticsearch Guide, "REST API
// compatibility").
package esproxy

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"mime"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/server/esversion"
)

const (
	jsonType   = "application/vnd.elasticsearch+json;compatible-with=7"
	ndjsonType = "application/vnd.elasticsearch+x-ndjson;compatible-with=7"
	askLimit   = 10 * time.Second
)

// Handler passes requests on to the node at target (host:port). errorLog, which
// may be nil, hears of requests that the node didn't answer.
func Handler(target string, errorLog *log.Logger) http.Handler {
	node := &url.URL{Scheme: "http", Host: target}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(node)
			compatible(r.Out.Header)
		},
		ModifyResponse: func(r *http.Response) error { return answerRoot(r, node) },
		ErrorHandler:   unreachable(target, errorLog),
	}
	return proxy
}

// compatible asks for version 7's form, in the two headers that the node
// compares: both must ask alike.
func compatible(header http.Header) {
	header.Set("Accept", jsonType)
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	switch {
	case header.Get("Content-Type") == "":
	case err == nil && (kind == "application/x-ndjson" || kind == "application/vnd.elasticsearch+x-ndjson"):
		header.Set("Content-Type", ndjsonType)
	default:
		header.Set("Content-Type", jsonType)
	}
}

// answerRoot answers GET / and HEAD / for a node that has no handler for them:
// the distribution that Elasticsearch's plug-ins are tested with lacks it in
// 8.19, and says 405. Clients ask for it before anything else.
func answerRoot(r *http.Response, node *url.URL) error {
	if r.Request.URL.Path != "/" || r.StatusCode != http.StatusMethodNotAllowed {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Request.Context(), askLimit)
	defer cancel()
	version, err := esversion.Local(ctx, dial.Server{Component: "elasticsearch", Addr: node.Host})
	if err != nil {
		return fmt.Errorf("ask the node for its version: %w", err)
	}
	body, err := json.Marshal(map[string]any{
		"cluster_name": "elasticsearch", "tagline": "You Know, for Search",
		"version": map[string]string{"number": version, "build_flavor": "default"},
	})
	if err != nil {
		return err
	}
	r.Body.Close()
	r.StatusCode, r.Status = http.StatusOK, "200 OK"
	// What the node said of its own answer isn't true of this one.
	for _, name := range []string{"Content-Encoding", "Content-Range", "Etag", "Trailer"} {
		r.Header.Del(name)
	}
	r.Trailer, r.TransferEncoding, r.Uncompressed = nil, nil, false
	r.Header.Set("Content-Type", jsonType)
	r.Header.Set("Content-Length", fmt.Sprint(len(body)))
	r.Header.Set("X-Elastic-Product", "Elasticsearch")
	r.ContentLength = int64(len(body))
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// unreachable answers 502 with the reason in the form of Elasticsearch's errors.
func unreachable(target string, errorLog *log.Logger) func(http.ResponseWriter, *http.Request, error) {
	return func(w http.ResponseWriter, r *http.Request, err error) {
		reason := fmt.Sprintf("Elasticsearch at %s doesn't answer %s %s: %v", target, r.Method, r.URL.Path, err)
		if errorLog != nil {
			errorLog.Print(reason)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadGateway)
		json.NewEncoder(w).Encode(map[string]any{
			"status": http.StatusBadGateway,
			"error":  map[string]string{"type": "proxy_exception", "reason": reason},
		})
	}
}
