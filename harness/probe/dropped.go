package probe

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// droppedTopic is where mosquitto tells how many messages it had no room for
// (mosquitto(8), Broker status).
const droppedTopic = "$SYS/broker/publish/messages/dropped"

// Dropped asks the mosquitto at addr (host:port) how many messages it has dropped
// since its start, because a client's queue was full. The number may be as old as
// its sys_interval.
func Dropped(ctx context.Context, addr string) (int64, error) {
	told := make(chan string, 1)
	client := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + addr).
		SetClientID("hoplab-dropped-" + rand.Text()[:8]).SetProtocolVersion(4).SetConnectTimeout(answerLimit))
	defer client.Disconnect(100)
	for _, ask := range []func() mqtt.Token{client.Connect, func() mqtt.Token {
		return client.Subscribe(droppedTopic, 0, func(_ mqtt.Client, m mqtt.Message) {
			select {
			case told <- string(m.Payload()):
			default:
			}
		})
	}} {
		token := ask()
		select {
		case <-token.Done():
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
		if err := token.Error(); err != nil {
			return 0, fmt.Errorf("ask the MQTT broker at %s what it has dropped: %w", addr, err)
		}
	}
	select {
	case text := <-told:
		return strconv.ParseInt(text, 10, 64)
	case <-time.After(answerLimit):
		return 0, fmt.Errorf("the MQTT broker at %s doesn't tell %s", addr, droppedTopic)
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}
