// Package httpjson asks a server over HTTP: JSON goes in, JSON comes out, and an
// answer that isn't 2xx is an error with the status and the server's own words.
package httpjson

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// MaxAnswer is how long an answer may be, in bytes.
const MaxAnswer = 64 << 20

// Request is what is asked.
type Request struct {
	Method string // GET where it is empty
	URL    string
	Header http.Header
	// Body is sent as JSON, []byte as it is; nil for none. Its Content-Type is
	// application/json unless Header has another.
	Body any
}

// Answer is what a server has answered, whatever its status.
type Answer struct {
	Request Request
	Status  string // such as "404 Not Found"
	Code    int
	Body    []byte
}

// Do asks, and decodes the JSON of a 2xx answer into v unless that is nil. Any
// other status is a *StatusError.
func Do(ctx context.Context, client *http.Client, r Request, v any) error {
	answer, err := Send(ctx, client, r)
	if err != nil {
		return err
	}
	return answer.Decode(v)
}

// Send asks, and returns the answer with whatever status it has.
func Send(ctx context.Context, client *http.Client, r Request) (*Answer, error) {
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	req, err := request(ctx, r)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxAnswer+1))
	if err != nil {
		return nil, fmt.Errorf("read the answer to %s %s: %w", r.Method, r.URL, err)
	}
	if len(body) > MaxAnswer {
		return nil, fmt.Errorf("the answer to %s %s has more than %d MiB", r.Method, r.URL, MaxAnswer>>20)
	}
	return &Answer{Request: r, Status: res.Status, Code: res.StatusCode, Body: body}, nil
}

func request(ctx context.Context, r Request) (*http.Request, error) {
	sent, isBytes := r.Body.([]byte)
	if !isBytes && r.Body != nil {
		var err error
		if sent, err = json.Marshal(r.Body); err != nil {
			return nil, err
		}
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	if len(sent) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, values := range r.Header {
		req.Header[name] = values
	}
	return req, nil
}

// Decode reads the JSON of a 2xx answer into v, unless that is nil. A number that
// goes into an any becomes a json.Number. Any other status is a *StatusError.
func (a *Answer) Decode(v any) error {
	if a.Code < 200 || a.Code > 299 {
		return a.Refusal()
	}
	if v == nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(a.Body))
	decoder.UseNumber()
	if err := decoder.Decode(v); err != nil {
		return fmt.Errorf("the answer to %s %s can't be read as JSON: %w; it begins %.100q", a.Request.Method, a.Request.URL, err, a.Body)
	}
	return nil
}

// Refusal returns the answer as an error.
func (a *Answer) Refusal() *StatusError {
	return &StatusError{Code: a.Code, Status: a.Status, Body: a.Body}
}
