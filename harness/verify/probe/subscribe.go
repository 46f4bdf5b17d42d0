package probe

import (
	"context"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// answerLimit is how long a server may take to answer a probe.
const answerLimit = 10 * time.Second

// subscribe subscribes to a topic of the broker at addr (host:port) with QoS 1. It
// doesn't connect again: a clean session that reconnects would hide a gap. hear is
// called for each message, lost when the connection is.
func subscribe(ctx context.Context, addr string, login access.Login, topic, clientID string, hear func(mqtt.Message), lost func(error)) (mqtt.Client, error) {
	client := mqtt.NewClient(dial.MQTT(mqtt.NewClientOptions(), login).
		AddBroker(dial.MQTTURL(login, addr)).
		SetClientID(clientID).
		SetProtocolVersion(4).
		SetAutoReconnect(false).
		SetConnectTimeout(answerLimit).
		SetCustomOpenConnectionFn(wire.Open).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost(err) }))
	if err := finish(ctx, client.Connect()); err != nil {
		client.Disconnect(0)
		return nil, fmt.Errorf("connect to the MQTT broker at %s: %w", addr, dial.Explain("the MQTT broker", addr, login, err))
	}
	if err := finish(ctx, client.Subscribe(topic, 1, func(_ mqtt.Client, msg mqtt.Message) { hear(msg) })); err != nil {
		client.Disconnect(disconnectMillis)
		return nil, fmt.Errorf("subscribe to %q at %s: %w", topic, addr, err)
	}
	return client, nil
}

// disconnectMillis is how long a client may take to say goodbye.
const disconnectMillis = 100

func finish(ctx context.Context, token mqtt.Token) error {
	timer := time.NewTimer(answerLimit)
	defer timer.Stop()
	select {
	case <-token.Done():
		return token.Error()
	case <-timer.C:
		return fmt.Errorf("no answer in %v", answerLimit)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
