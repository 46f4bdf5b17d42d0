package wire

import (
	"context"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// answerLimit is how long a broker may take to answer.
const answerLimit = 10 * time.Second

// Session is a client's name at a broker, and how the broker is reached.
type Session struct {
	Addr     string // host:port
	Login    access.Login
	ClientID string
	// Kept has the broker keep what comes while the client is away. Otherwise it
	// forgets what it has kept for this name.
	Kept bool
	// Lost, if any, hears why the connection was lost. It isn't made again, which
	// would hide a gap.
	Lost func(error)
}

// Connect connects, and leaves what the broker sends by itself unread.
func (s Session) Connect(ctx context.Context) (mqtt.Client, error) { return s.connect(ctx, nil) }

// Subscribe connects and subscribes to a topic. What is published once it has
// returned is heard by handle, one message after the other, as is what the broker
// has kept.
func (s Session) Subscribe(ctx context.Context, topic string, qos byte, handle func(mqtt.Message)) (mqtt.Client, error) {
	client, err := s.connect(ctx, func(_ mqtt.Client, m mqtt.Message) { handle(m) })
	if err != nil {
		return nil, err
	}
	if err := Answer(ctx, client.Subscribe(topic, qos, nil)); err != nil {
		client.Disconnect(100)
		return nil, fmt.Errorf("subscribe to %q at %s: %w", topic, s.Addr, err)
	}
	return client, nil
}

func (s Session) connect(ctx context.Context, handle mqtt.MessageHandler) (mqtt.Client, error) {
	client := mqtt.NewClient(dial.MQTT(mqtt.NewClientOptions(), s.Login).
		AddBroker(dial.MQTTURL(s.Login, s.Addr)).
		SetClientID(s.ClientID).
		SetCleanSession(!s.Kept).
		SetProtocolVersion(4).
		SetAutoReconnect(false).
		SetConnectTimeout(answerLimit).
		SetCustomOpenConnectionFn(Open).
		SetDefaultPublishHandler(handle).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) {
			if s.Lost != nil {
				s.Lost(err)
			}
		}))
	if err := Answer(ctx, client.Connect()); err != nil {
		client.Disconnect(0)
		return nil, fmt.Errorf("connect to the MQTT broker at %s: %w", s.Addr, dial.Explain("the MQTT broker", s.Addr, s.Login, err))
	}
	return client, nil
}

// Answer waits for the broker's answer to what was asked of it.
func Answer(ctx context.Context, token mqtt.Token) error {
	ctx, cancel := context.WithTimeoutCause(ctx, answerLimit, fmt.Errorf("no answer in %v", answerLimit))
	defer cancel()
	select {
	case <-token.Done():
		return token.Error()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
