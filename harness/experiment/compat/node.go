package compat

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/esversion"
	"hoplab.example/harness/server/keeper"
	"hoplab.example/harness/server/version"
	"hoplab.example/harness/verify/probe"
)

// node is a version of Elasticsearch on its way through the matrix.
type node struct {
	Options
	Version
	component string // of the stack
	name      string // the version that it should be
	rooted    bool   // it answers GET /
	lens      string // where hoplab's own probe asks it
	written   string // an index that is right, or ""
	reference []probe.Document
}

// try fills in a version's cells.
func (n *node) try(ctx context.Context) error {
	addr := n.State.Addr(n.component, "http")
	asked, err := esversion.Ask(ctx, addr, access.Login{})
	if err != nil {
		return err
	}
	n.Elasticsearch, n.rooted = asked.Version, asked.Rooted
	lens, stop, err := serve(genuine(addr))
	if err != nil {
		return err
	}
	defer stop()
	n.lens = lens
	for _, w := range writers {
		if err := n.note(ctx, n.write(ctx, w)); err != nil {
			return err
		}
	}
	for _, cell := range append([]Cell{n.readWithClient(ctx)}, n.rules()...) {
		if err := n.note(ctx, cell); err != nil {
			return err
		}
	}
	return nil
}

// note adds a cell, unless what it says may only come of the run's end.
func (n *node) note(ctx context.Context, c Cell) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.Words = short(c.Words)
	n.Cells = append(n.Cells, c)
	if n.Report != nil {
		n.Report(n.Elasticsearch, c)
	}
	return nil
}

// sites are the stack's, with one of its nodes in place of Elasticsearch, and one of
// its two Flinks in that of Flink.
type sites struct {
	keeper.State
	node   string
	proxy  string // host:port of esproxy before it, or ""
	second bool   // version.SecondFlink takes the place of Flink
}

func (s sites) named(component string) string {
	part, flink := strings.CutPrefix(component, "flink-")
	switch {
	case component == "elasticsearch":
		return s.node
	case flink && s.second:
		return version.SecondFlink + "-" + part
	}
	return component
}

// Addr is where programs on the host reach a component.
func (s sites) Addr(component, port string) string {
	return s.State.Addr(s.named(component), port)
}

// Peer is where components reach each other.
func (s sites) Peer(component, port string) string {
	if component == "elasticsearch" && s.proxy != "" {
		return s.proxy
	}
	return s.State.Peer(s.named(component), port)
}

const headerLimit = 10 * time.Second

// serve serves a handler on a free port of loopback, where Flink's tasks reach it
// too: in the local runtime they are on the same machine.
func serve(handler http.Handler) (addr string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: headerLimit}
	go server.Serve(listener)
	return listener.Addr().String(), func() { server.Close() }, nil
}

// genuine passes requests on, and has the answers say what go-elasticsearch
// wants to hear. Without it, the probe couldn't look into a node whose version
// the client refuses.
func genuine(target string) http.Handler {
	at := &url.URL{Scheme: "http", Host: target}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(at) },
		ModifyResponse: func(r *http.Response) error {
			r.Header.Set("X-Elastic-Product", "Elasticsearch")
			return nil
		},
	}
}

func (n *node) probe(index string) (*probe.Elastic, error) {
	return probe.NewElastic(n.lens, access.Login{}, index)
}
