package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"hoplab.example/harness/client/connect"
	"hoplab.example/harness/flow/bridge"
)

const readyLimit = time.Minute // for a bridge to be ready once its servers are

// Carrier is a bridge that runs.
type Carrier struct {
	// Stop ends it, once what it has taken from MQTT is in Kafka, and says what
	// went wrong with it, if anything.
	Stop func() error
	// Stats counts what it has done; nil where the bridge doesn't tell.
	Stats func() bridge.Stats
	// Done is closed when it has ended by itself; nil where that isn't watched.
	Done <-chan struct{}
}

// StartBridge starts hoplab's own bridge and returns when it is ready. ctx ends
// the wait, but not a bridge that is ready: Stop does, once what it holds is in
// Kafka.
func (p Pipeline) StartBridge(ctx context.Context) (*Carrier, error) {
	b, err := bridge.New(p.BridgeConfig())
	if err != nil {
		return nil, err
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	var ended error
	go func() {
		defer close(done)
		ended = b.Run(running)
	}()
	stop := func() error { cancel(); <-done; return ended }
	timer := time.NewTimer(readyLimit)
	defer timer.Stop()
	select {
	case <-b.Ready():
		return &Carrier{Stop: stop, Stats: b.Stats, Done: done}, nil
	case <-done:
		return nil, stop()
	case <-ctx.Done():
		stop()
		return nil, context.Cause(ctx)
	case <-timer.C:
		return nil, fmt.Errorf("the bridge was not ready in %v: %w", readyLimit, stop())
	}
}

// StartConnect has Kafka Connect be the bridge, by a connector of the open
// Camel plug-in, and returns when its task runs.
func (p Pipeline) StartConnect(ctx context.Context) (*Carrier, error) {
	config, err := p.ConnectorConfig("camel-mqtt.json")
	if err != nil {
		return nil, err
	}
	// Kafka is set not to create topics by itself.
	if err := bridge.CreateTopic(ctx, p.BridgeConfig()); err != nil {
		return nil, err
	}
	client, name := p.connect(), p.Connector()
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	if err := client.Put(ctx, name, config); err != nil {
		return nil, err
	}
	stop := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), readyLimit)
		defer cancel()
		return client.Delete(ctx, name)
	}
	if err := client.AwaitRunning(ctx, name); err != nil {
		return nil, errors.Join(err, stop())
	}
	return &Carrier{Stop: stop}, nil
}

// ConnectorConfig returns one of lab 2's connector files, filled in.
func (p Pipeline) ConnectorConfig(file string) (map[string]string, error) {
	label, text, err := p.filled(lab2, file)
	if err != nil {
		return nil, err
	}
	var config map[string]string
	if err := json.Unmarshal([]byte(text), &config); err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	p.ConnectorLogin(config)
	return config, nil
}

// ConnectorLogin has a connector, by its config, log in at the MQTT broker.
// Whoever may ask Kafka Connect for its config sees the password there.
func (p Pipeline) ConnectorLogin(config map[string]string) {
	login := p.Access[p.Broker]
	if login.TLS.On {
		for _, key := range []string{"camel.source.url", "mqtt.server.uri"} {
			if at, ok := config[key]; ok {
				config[key] = strings.Replace(at, "tcp://", "ssl://", 1)
			}
		}
	}
	if login.User == "" {
		return
	}
	if at, ok := config["camel.source.url"]; ok {
		// RAW: Camel takes what is in the brackets as it is.
		config["camel.source.url"] = at + "&userName=RAW(" + login.User + ")&password=RAW(" + login.Password.Reveal() + ")"
		return
	}
	config["mqtt.username"], config["mqtt.password"] = login.User, login.Password.Reveal()
}

func (p Pipeline) connect() connect.Client {
	return connect.Client{Addr: p.Sites.Addr("connect", "rest"), Login: p.Access["connect"]}
}

// Connector names the run's connector of Kafka Connect.
func (p Pipeline) Connector() string { return "mqtt-source-" + p.Names.Topic }
