package keeper

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/util/httpjson"
	"hoplab.example/harness/util/proc"
	"hoplab.example/harness/util/wait"
)

const statePoll = 100 * time.Millisecond

// ErrGone says that a folder has no keeper that runs.
var ErrGone = errors.New("no keeper runs there")

// Client asks a keeper.
type Client struct {
	dir string
	at  endpoint
}

// Attach returns a client of the keeper whose folder is dir, or ErrGone.
func Attach(ctx context.Context, dir string) (*Client, error) {
	text, err := os.ReadFile(filepath.Join(dir, endpointFile))
	if err != nil {
		return nil, ErrGone
	}
	c := &Client{dir: dir}
	if err := json.Unmarshal(text, &c.at); err != nil {
		return nil, fmt.Errorf("read %s: %w", endpointFile, err)
	}
	if !proc.Alive(c.at.PID) {
		return nil, ErrGone
	}
	if _, err := c.State(ctx); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrGone, err)
	}
	return c, nil
}

// Dir is the run's folder.
func (c *Client) Dir() string { return c.dir }

// Name is the run's name.
func (c *Client) Name() string { return filepath.Base(c.dir) }

// State asks the keeper what it knows.
func (c *Client) State(ctx context.Context) (State, error) {
	var s State
	err := c.call(ctx, http.MethodGet, "/state", nil, &s)
	return s, err
}

// Ensure has the keeper start the named components and returns when all are
// ready. It fails with a *ComponentError when one of them has failed. report,
// which may be nil, hears of the state again and again meanwhile.
func (c *Client) Ensure(ctx context.Context, names []string, report func(State)) error {
	if err := c.call(ctx, http.MethodPost, "/ensure", names, nil); err != nil {
		return err
	}
	return c.await(ctx, names, report)
}

func (c *Client) await(ctx context.Context, names []string, report func(State)) error {
	return wait.Until(ctx, statePoll, func() (bool, error) {
		state, err := c.State(ctx)
		if err != nil {
			return true, err
		}
		if report != nil {
			report(state)
		}
		ready, err := state.ready(names)
		return ready || err != nil, err
	})
}

// Do has the keeper do something to a component that is up. After a Restart it
// returns when the component is ready again.
func (c *Client) Do(ctx context.Context, fault Fault, name string) error {
	path := "/components/" + url.PathEscape(name) + "/" + url.PathEscape(string(fault))
	if err := c.call(ctx, http.MethodPost, path, nil, nil); err != nil || fault != Restart {
		return err
	}
	return c.await(ctx, []string{name}, nil)
}

// Check returns a *ComponentError if one of the named components has failed.
func (c *Client) Check(ctx context.Context, names []string) error {
	state, err := c.State(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := state.ready([]string{name}); err != nil && !state.asked(name) {
			return err
		}
	}
	return nil
}

// asked reports that a component is as somebody wanted it to be.
func (s State) asked(name string) bool {
	entry := s.Components[name]
	return entry != nil && (entry.Phase == runtime.Killed || entry.Phase == runtime.Paused)
}

func (s State) ready(names []string) (bool, error) {
	all := true
	for _, name := range names {
		entry := s.Components[name]
		if entry == nil {
			return false, fmt.Errorf("the keeper lost %s", name)
		}
		if entry.Phase == runtime.Failed || s.asked(name) {
			return false, &ComponentError{Component: name, Text: entry.Error, Advice: entry.Hint, Log: entry.Log}
		}
		all = all && entry.Phase == runtime.Ready
	}
	return all, nil
}

// Broker returns the component that serves MQTT: mosquitto, unless the run has the
// built-in broker.
func (s State) Broker() string {
	if s.Components["mochi"] != nil {
		return "mochi"
	}
	return "mosquitto"
}

// Addr returns where a component's port is reached, as host:port.
func (s State) Addr(component, port string) string {
	entry := s.Components[component]
	if entry == nil {
		return ""
	}
	return entry.Ports[port]
}

// Peer returns where other components reach a component's port, as host:port.
func (s State) Peer(component, port string) string {
	entry := s.Components[component]
	if entry == nil {
		return ""
	}
	return entry.Peers[port]
}

// Disown has the keeper go on without its owner.
func (c *Client) Disown(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/disown", nil, nil)
}

// Stop ends every component and returns when the keeper has ended too.
func (c *Client) Stop(ctx context.Context) error {
	err := c.call(ctx, http.MethodPost, "/stop", nil, nil)
	return errors.Join(err, wait.Until(ctx, statePoll/5, func() (bool, error) { return !proc.Alive(c.at.PID), nil }))
}

// call sends in as JSON, unless it is nil, and decodes the answer into out, unless
// that is nil.
func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	r := httpjson.Request{Method: method, URL: "http://" + c.at.Addr + path, Body: in, Header: http.Header{"Authorization": {"Bearer " + c.at.Token}}}
	answer, err := httpjson.Send(ctx, http.DefaultClient, r)
	if err != nil {
		return c.explain(err)
	}
	if answer.Code != http.StatusOK {
		return fmt.Errorf("the keeper of this run says: %s", answer.Refusal().Message())
	}
	return answer.Decode(out)
}

// dyingLimit is how long a killed keeper may still count as a process after its
// connections are gone.
const dyingLimit = time.Second

// explain says of a call that didn't get through whether the keeper has died.
func (c *Client) explain(err error) error {
	interrupted := errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
	if interrupted || !c.dies() {
		return fmt.Errorf("ask the keeper of this run: %w", err)
	}
	text := fmt.Sprintf("the keeper of this run (process %d) has died; its components died with it", c.at.PID)
	log := filepath.Join(c.dir, logFile)
	if said, err := os.ReadFile(log); err == nil {
		text += lastWords(string(said), log)
	}
	return errors.New(text)
}

// lastWords returns what a log says of its program's end: why it panicked, or else its
// last line. The next command removes the log.
func lastWords(said, log string) string {
	last := ""
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(line); line != "" {
			last = line
		}
		if strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "fatal error: ") {
			break
		}
	}
	if last == "" {
		return ""
	}
	return fmt.Sprintf(": its last words are %q (until the next command, its log is %s)", last, log)
}

func (c *Client) dies() bool {
	for began := time.Now(); proc.Alive(c.at.PID); {
		if time.Since(began) > dyingLimit {
			return false
		}
		<-time.After(dyingLimit / 100)
	}
	return true
}

// ComponentError says that a component has failed.
type ComponentError struct {
	Component string
	Text      string
	Advice    string // what to do about it, where known
	Log       string // path of its log
}

func (e *ComponentError) Error() string { return e.Text }

// Hint says what to do about it.
func (e *ComponentError) Hint() string {
	if e.Advice != "" {
		return e.Advice
	}
	return "its full log is in " + e.Log
}
