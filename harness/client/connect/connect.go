// Package connect manages connectors through the REST interface of Kafka Connect.
package connect

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/httpjson"
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

// Status is the state of a connector and its tasks: RUNNING, FAILED, UNASSIGNED, …
type Status struct {
	Connector part   `json:"connector"`
	Tasks     []part `json:"tasks"`
}

type part struct {
	State string `json:"state"`
	Trace string `json:"trace"`
}

// Put sets a connector's config, and starts the connector if it is new. The worker
// refuses a config that the plug-in doesn't accept.
func (c Client) Put(ctx context.Context, name string, config map[string]string) error {
	if err := c.call(ctx, http.MethodPut, "/connectors/"+name+"/config", config, nil); err != nil {
		return fmt.Errorf("put connector %s: %w", name, err)
	}
	return nil
}

// Delete removes a connector. It isn't an error if there is none.
func (c Client) Delete(ctx context.Context, name string) error {
	err := c.call(ctx, http.MethodDelete, "/connectors/"+url.PathEscape(name), nil, nil)
	if httpjson.Code(err) == http.StatusNotFound {
		return nil
	}
	return err
}

// Names lists the connectors.
func (c Client) Names(ctx context.Context) (names []string, err error) {
	if err := c.call(ctx, http.MethodGet, "/connectors", nil, &names); err != nil {
		return nil, fmt.Errorf("list the connectors: %w", err)
	}
	return names, nil
}

// Status asks for the state of a connector.
func (c Client) Status(ctx context.Context, name string) (Status, error) {
	var s Status
	err := c.call(ctx, http.MethodGet, "/connectors/"+name+"/status", nil, &s)
	return s, err
}

// AwaitRunning waits until the connector and at least one task run. If one of them
// fails, the error has the root cause.
func (c Client) AwaitRunning(ctx context.Context, name string) error {
	return c.await(ctx, name, "RUNNING")
}

// Pause has a connector's tasks hand nothing on to Kafka, and returns when they have
// stopped. What a task has started itself goes on, such as a client that receives
// messages: it is only polled no longer (AbstractWorkerSourceTask.java of apache/kafka).
func (c Client) Pause(ctx context.Context, name string) error {
	return c.turn(ctx, name, "pause", "PAUSED")
}

// Resume ends what Pause has begun, and returns when the tasks run.
func (c Client) Resume(ctx context.Context, name string) error {
	return c.turn(ctx, name, "resume", "RUNNING")
}

func (c Client) turn(ctx context.Context, name, verb, state string) error {
	if err := c.call(ctx, http.MethodPut, "/connectors/"+name+"/"+verb, nil, nil); err != nil {
		return fmt.Errorf("%s connector %s: %w", verb, name, err)
	}
	return c.await(ctx, name, state)
}

func (c Client) await(ctx context.Context, name, state string) error {
	err := wait.Until(ctx, statusPause, func() (bool, error) {
		status, err := c.Status(ctx, name)
		switch {
		case err != nil: // the worker answers 404 until it has read its own topic
			return false, err
		case status.failure() != "":
			return true, fmt.Errorf("connector %s failed: %s", name, status.failure())
		case status.in(state):
			return true, nil
		}
		return false, fmt.Errorf("its state is %s with %d tasks", status.Connector.State, len(status.Tasks))
	})
	if errors.As(err, new(*wait.Ended)) {
		return fmt.Errorf("wait for connector %s: %w", name, err)
	}
	return err
}

// in reports whether the connector and all its tasks are in a state.
func (s Status) in(state string) bool {
	in := s.Connector.State == state && len(s.Tasks) > 0
	for _, t := range s.Tasks {
		in = in && t.State == state
	}
	return in
}

func (s Status) failure() string {
	for _, p := range append([]part{s.Connector}, s.Tasks...) {
		if p.State == "FAILED" {
			return rootCause(p.Trace)
		}
	}
	return ""
}

// call decodes a good answer into v, unless that is nil.
func (c Client) call(ctx context.Context, method, path string, body, v any) error {
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	worker := dial.Server{Component: "connect", Addr: c.Addr, Login: c.Login}
	err := worker.Ask(ctx, method, path, body, v)
	switch {
	case err == nil || dial.Refused(err):
		return err
	case httpjson.Code(err) != 0:
		return fmt.Errorf("answer of Kafka Connect: %w", err)
	}
	return fmt.Errorf("ask Kafka Connect at %s: %w", c.Addr, err)
}
