package watch

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func quick(f *fake) Config {
	return Config{Run: "<b>r</b>", Source: f, Every: 10 * time.Millisecond, Linger: 20 * time.Millisecond}
}

func ask(t *testing.T, method, address string, header map[string]string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		if name == "Host" {
			req.Host = value
		}
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestWhomThePageIsFor(t *testing.T) {
	f := newFake(1)
	address, _ := served(t, quick(f))
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	base, events := "http://"+u.Host, address+"events"
	other := "http://" + u.Hostname() + ":1"
	cases := []struct {
		name, method, address string
		header                map[string]string
		want                  int
	}{
		{"the page", "GET", address, nil, 200},
		{"by the other name", "GET", address, map[string]string{"Host": "localhost:" + u.Port()}, 200},
		{"its own origin", "GET", address, map[string]string{"Origin": base}, 200},
		{"a link elsewhere", "GET", address, map[string]string{"Sec-Fetch-Site": "cross-site"}, 200},
		{"a name that was rebound", "GET", address, map[string]string{"Host": "evil.example"}, 421},
		{"a rebound name with the port", "GET", events, map[string]string{"Host": "evil.example:" + u.Port()}, 421},
		{"the address without its port", "GET", address, map[string]string{"Host": "127.0.0.1"}, 421},
		{"another origin", "GET", events, map[string]string{"Origin": "https://evil.example"}, 403},
		{"another port", "GET", events, map[string]string{"Origin": other}, 403},
		{"no origin to speak of", "POST", address, map[string]string{"Origin": "null"}, 403},
		{"another site listens", "GET", events, map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"another port listens", "GET", events, map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"a POST of its own", "POST", address, map[string]string{"Origin": base}, 405},
		{"without the secret", "GET", base + "/", nil, 404},
		{"with another one", "GET", base + "/AAAA/events", nil, 404},
		{"what isn't there", "GET", address + "x", nil, 404},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			res, body := ask(t, c.method, c.address, c.header)
			if res.StatusCode != c.want || c.want != 200 && strings.Contains(body, u.Path) {
				t.Errorf("%s, want %d: %s", res.Status, c.want, body)
			}
			if res.Header.Get("Access-Control-Allow-Origin") != "" || res.Header.Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("headers: %v", res.Header)
			}
		})
	}
	if looks, _ := f.counts(); looks != 0 {
		t.Errorf("%d looks for those who were refused", looks)
	}
}

func TestPage(t *testing.T) {
	address, _ := served(t, quick(newFake(1)))
	first, body := ask(t, "GET", address, nil)
	second, _ := ask(t, "GET", address, nil)
	policy := first.Header.Get("Content-Security-Policy")
	if policy == second.Header.Get("Content-Security-Policy") || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("policy: %s", policy)
	}
	_, rest, _ := strings.Cut(policy, "script-src 'nonce-")
	nonce, _, _ := strings.Cut(rest, "'")
	if len(nonce) < 20 || strings.Count(body, `nonce="`+nonce+`"`) != 2 || strings.Count(body, "<script")+strings.Count(body, "<style") != 2 {
		t.Errorf("nonce %q of:\n%.600s", nonce, body)
	}
	if strings.Contains(body, "<b>r</b>") || !strings.Contains(body, "&lt;b&gt;r&lt;/b&gt;") {
		t.Error("the run's name isn't escaped")
	}
	for _, bad := range []string{"http://", "https://", "//cdn", " style=", "onclick", "innerHTML"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
}

// listen reads snapshots until the test, or the function that it returns, ends it.
func listen(t *testing.T, address string) (<-chan Snapshot, func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, "GET", address+"events", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%s, %v", res.Status, res.Header)
	}
	heard := make(chan Snapshot, 1000)
	go func() {
		defer res.Body.Close()
		defer close(heard)
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 16<<20)
		for lines.Scan() {
			var s Snapshot
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(text), &s) == nil {
				heard <- s
			}
		}
	}()
	return heard, cancel
}

// TestOneSamplerForAll, and none when nobody looks.
func TestOneSamplerForAll(t *testing.T) {
	f := newFake(10)
	f.growBy(1)
	c := quick(f)
	c.Every, c.Linger = 30*time.Millisecond, 200*time.Millisecond
	address, end := served(t, c)
	var goes []func()
	began := time.Now()
	for range 5 {
		heard, leave := listen(t, address)
		goes = append(goes, leave)
		first, later := <-heard, <-heard
		if at(later, "kafka").Rows <= at(first, "kafka").Rows {
			t.Errorf("%d rows, then %d", at(first, "kafka").Rows, at(later, "kafka").Rows)
		}
	}
	looks, closed := f.counts()
	if most := int(time.Since(began)/c.Every) + 2; looks > most || closed != 0 {
		t.Errorf("%d looks, at most %d are one sampler's; closed %d times", looks, most, closed)
	}
	for _, leave := range goes {
		leave()
	}
	eventually(t, "the sampler stops", func() bool { _, closed := f.counts(); return closed == 1 })
	heard, _ := listen(t, address)
	if s := <-heard; at(s, "kafka").Rate != 0 || len(at(s, "kafka").History) != 1 {
		t.Errorf("a sampler that began again: %+v", at(s, "kafka"))
	}
	end()
	for range heard { // ends with the server
	}
	if _, closed := f.counts(); closed != 2 {
		t.Errorf("closed %d times", closed)
	}
}

func TestTooManyViewers(t *testing.T) {
	f := newFake(10)
	address, _ := served(t, quick(f))
	var first func()
	for i := range maxViewers {
		heard, end := listen(t, address)
		<-heard
		if i == 0 {
			first = end
		}
	}
	res, body := ask(t, "GET", address+"events", nil)
	if res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, fmt.Sprint(maxViewers)) {
		t.Errorf("%s: %s", res.Status, body)
	}
	first()
	eventually(t, "a place is free again", func() bool {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", address+"events", nil)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == 200
	})
}

// TestSlowReader: one who doesn't read is cut off, and others hear on meanwhile.
func TestSlowReader(t *testing.T) {
	f := newFake(10)
	big := make([]Row, 2000)
	for i := range big {
		big[i].Text = strings.Repeat("x", maxRowText)
	}
	f.set("kafka", func(r *Reading) { r.Last = big })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h := newHandler(newHub(ctx, quick(f).withDefaults()), "0")
	h.slow = 100 * time.Millisecond
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h.hosts = map[string]bool{listener.Addr().String(): true}
	server := &http.Server{Handler: h}
	defer server.Close()
	go server.Serve(listener)
	slow, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "GET %sevents HTTP/1.1\r\nHost: %s\r\n\r\n", h.path, listener.Addr())
	viewers := func() int {
		h.hub.mu.Lock()
		defer h.hub.mu.Unlock()
		return len(h.hub.viewers)
	}
	eventually(t, "the slow reader is in", func() bool { return viewers() == 1 })
	heard, _ := listen(t, "http://"+listener.Addr().String()+h.path)
	for range 10 {
		if _, ok := <-heard; !ok {
			t.Fatal("the other one was cut off")
		}
	}
	go func() {
		for range heard {
		}
	}()
	eventually(t, "the slow reader is cut off", func() bool { return viewers() == 1 })
	cancel()
	h.hub.end()
}

func TestPortIsTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	port := listener.Addr().(*net.TCPAddr).Port
	err = Serve(t.Context(), quick(newFake(1)), port, func(string) { t.Error("it is ready") })
	var taken *PortError
	if !errors.As(err, &taken) || taken.Port != port || !strings.Contains(err.Error(), "address already in use") || !strings.Contains(taken.Hint(), "--port") {
		t.Errorf("error = %v", err)
	}
}
