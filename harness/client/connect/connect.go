// Package connect asks Kafka Connect, over its REST interface, to run a
// connector, and says how the connector does.
package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/wait"
)

const (
	answerLimit = 30 * time.Second
	statusPause = 100 * time.Millisecond
)

// Client asks the worker at Addr (host:port).
type Client struct {
	Addr  string
	Login access.Login
}

// Status is how a connector and its tasks do: RUNNING, FAILED, UNASSIGNED, …
type Status struct {
	Connector part   `json:"connector"`
	Tasks     []part `json:"tasks"`
}

type part struct {
	State string `json:"state"`
	Trace string `json:"trace"`
}

// Put makes the connector name have config, and starts it where it is new. The
// worker refuses a config that its plug-in doesn't accept.
func (c Client) Put(ctx context.Context, name string, config map[string]string) error {
	body, err := json.Marshal(config)
	if err != nil {
		return err
	}
	_, err = c.call(ctx, http.MethodPut, "/connectors/"+name+"/config", body)
	if err != nil {
		return fmt.Errorf("put connector %s: %w", name, err)
	}
	return nil
}

// Delete removes a connector. One that isn't there is no error.
func (c Client) Delete(ctx context.Context, name string) error {
	_, err := c.call(ctx, http.MethodDelete, "/connectors/"+url.PathEscape(name), nil)
	var status *statusError
	if errors.As(err, &status) && status.code == http.StatusNotFound {
		return nil
	}
	return err
}

// Names lists the connectors.
func (c Client) Names(ctx context.Context) (names []string, err error) {
	body, err := c.call(ctx, http.MethodGet, "/connectors", nil)
	if err == nil {
		err = json.Unmarshal(body, &names)
	}
	if err != nil {
		return nil, fmt.Errorf("list the connectors: %w", err)
	}
	return names, nil
}

// Status asks for the state of a connector.
func (c Client) Status(ctx context.Context, name string) (Status, error) {
	var s Status
	body, err := c.call(ctx, http.MethodGet, "/connectors/"+name+"/status", nil)
	if err == nil {
		err = json.Unmarshal(body, &s)
	}
	return s, err
}

// AwaitRunning returns when the connector and at least one task run, and an
// error with the root cause when one of them has failed.
func (c Client) AwaitRunning(ctx context.Context, name string) error {
	err := wait.Until(ctx, statusPause, func() (bool, error) {
		status, err := c.Status(ctx, name)
		switch {
		case err != nil: // the worker answers 404 until it has read its own topic
			return false, err
		case status.failure() != "":
			return true, fmt.Errorf("connector %s failed: %s", name, status.failure())
		case status.running():
			return true, nil
		}
		return false, fmt.Errorf("its state is %s with %d tasks", status.Connector.State, len(status.Tasks))
	})
	if errors.As(err, new(*wait.Ended)) {
		return fmt.Errorf("wait for connector %s: %w", name, err)
	}
	return err
}

func (s Status) running() bool {
	running := s.Connector.State == "RUNNING" && len(s.Tasks) > 0
	for _, t := range s.Tasks {
		running = running && t.State == "RUNNING"
	}
	return running
}

func (s Status) failure() string {
	for _, p := range append([]part{s.Connector}, s.Tasks...) {
		if p.State == "FAILED" {
			return rootCause(p.Trace)
		}
	}
	return ""
}

// rootCause returns the message of a Java stack trace's last cause.
func rootCause(trace string) string {
	cause := "it gave no reason"
	for line := range strings.Lines(trace) {
		line = strings.TrimSpace(line)
		if text, ok := strings.CutPrefix(line, "Caused by: "); ok {
			cause = text
		} else if cause == "it gave no reason" && line != "" {
			cause = line
		}
	}
	return cause
}

type statusError struct {
	code int
	text string
}

func (e *statusError) Error() string { return e.text }

func (c Client) call(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, dial.URL(c.Login, c.Addr)+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := dial.Client(c.Login).Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask Kafka Connect at %s: %w", c.Addr, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if res.StatusCode == http.StatusUnauthorized {
		return nil, dial.Explain("connect", c.Addr, c.Login, dial.ErrUnauthorized)
	}
	if err == nil && res.StatusCode >= 300 {
		err = &statusError{res.StatusCode, fmt.Sprintf("Kafka Connect says %s: %s", res.Status, message(answer))}
	}
	return answer, err
}

func message(answer []byte) string {
	var said struct{ Message string }
	if json.Unmarshal(answer, &said) == nil && said.Message != "" {
		return said.Message
	}
	return fmt.Sprintf("%.200s", answer)
}
