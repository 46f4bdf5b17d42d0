package notebook

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
)

// request is an http cell in its parts.
type request struct {
	method, url string
	header      http.Header
	body        string
}

var methodForm = regexp.MustCompile(`^[A-Z]+$`)

// checkRequest returns what is wrong with an http cell, as an *Error.
func checkRequest(c Cell) error {
	_, err := parseRequest(c)
	return err
}

// parseRequest reads an http cell: its first line, its headers and, after a blank
// line, its body.
func parseRequest(c Cell) (request, error) {
	head, body, _ := strings.Cut(c.Code, "\n\n")
	first, headers, _ := strings.Cut(head, "\n")
	words := strings.Fields(first)
	if len(words) != 2 || !methodForm.MatchString(words[0]) || !strings.Contains(words[1], "://") {
		return request{}, c.errorAt(0, "an http cell must begin with a line such as GET http://${elasticsearch}/_count, not with %.80q", first)
	}
	r := request{method: words[0], url: words[1], body: body}
	fields, err := textproto.NewReader(bufio.NewReader(strings.NewReader(headers + "\n\n"))).ReadMIMEHeader()
	if err != nil {
		return request{}, c.errorAt(min(len(first)+1, len(c.Code)), "the lines up to the first blank one must be headers, such as Content-Type: application/json: %v", err)
	}
	r.header = http.Header(fields)
	return r, nil
}

// HTTPExecutor runs http cells. It prints the status and, below it, the body: JSON is
// indented, with sorted keys. A status of 400 or more is a *Failure. Redirections are
// shown, not followed.
type HTTPExecutor struct {
	// Client returns the client for a host, host:port, with its login; an error
	// says why the cell may not ask it. nil stands for a client without logins.
	Client func(host string) (*http.Client, error)
}

// maxBody is the longest body that is indented, in bytes. A longer one is shown
// unchanged, up to one byte more, and Run cuts it.
const maxBody = 1 << 20

// Run implements Executor.
func (e HTTPExecutor) Run(ctx context.Context, c Cell) (string, error) {
	r, err := parseRequest(c)
	if err != nil {
		return "", err
	}
	target, err := url.Parse(r.url)
	if err != nil {
		return "", c.errorAt(0, "%v", err)
	}
	client, err := e.client(target.Host)
	if err != nil {
		return "", fmt.Errorf("ask %s: %w", target.Host, err)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.url, strings.NewReader(r.body))
	if err != nil {
		return "", c.errorAt(0, "%v", err)
	}
	req.Header = r.header
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	if err != nil {
		return "", fmt.Errorf("read the answer of %s: %w", target.Host, err)
	}
	text := joined(res.Status, pretty(body))
	if res.StatusCode >= http.StatusBadRequest {
		return "", &Failure{Text: text, Err: fmt.Errorf("%s %s answers %s", r.method, r.url, res.Status)}
	}
	return text, nil
}

func (e HTTPExecutor) client(host string) (*http.Client, error) {
	client := http.DefaultClient
	if e.Client != nil {
		var err error
		if client, err = e.Client(host); err != nil {
			return nil, err
		}
	}
	own := *client
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own, nil
}

// pretty indents a body that is JSON; its numbers stay as they are.
func pretty(body []byte) string {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if _, reason := checkJSON(body); reason != "" || decoder.Decode(&value) != nil {
		return string(body)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if encoder.Encode(value) != nil {
		return string(body)
	}
	return out.String()
}
