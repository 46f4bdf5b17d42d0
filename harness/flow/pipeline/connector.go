package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hoplab.example/harness/client/connect"
	"hoplab.example/harness/flow/bridge"
)

// StartConnect makes Kafka Connect the bridge, with a connector of the open Camel
// plug-in, and returns when its task runs.
func (p Pipeline) StartConnect(ctx context.Context) (*Carrier, error) {
	config, err := p.ConnectorConfig("camel-mqtt.json")
	if err != nil {
		return nil, err
	}
	// Kafka is configured not to create topics by itself.
	if err := bridge.CreateTopic(ctx, p.BridgeConfig()); err != nil {
		return nil, err
	}
	client, name := p.ConnectClient(), p.Connector()
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
	config, err := connect.ReadConfig([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	p.ConnectorLogin(config)
	return config, nil
}

// ConnectorLogin adds the login at the MQTT broker to a connector's config. Anyone
// who may read the config from Kafka Connect sees the password there.
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
		// RAW: Camel takes the text in the brackets literally.
		config["camel.source.url"] = at + "&userName=RAW(" + login.User + ")&password=RAW(" + login.Password.Reveal() + ")"
		return
	}
	config["mqtt.username"], config["mqtt.password"] = login.User, login.Password.Reveal()
}

// Connector returns the name of the run's connector in Kafka Connect.
func (p Pipeline) Connector() string { return "mqtt-source-" + p.Names.Topic }
