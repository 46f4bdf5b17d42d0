package apart

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/segmentio/kafka-go"
)

// plainLimit is how long the broker may take to answer.
const plainLimit = 10 * time.Second

// plainWork is a bridge as tutorials write it: paho acknowledges a message when its handler
// has returned, which only hands it to kafka-go's asynchronous writer. So what that holds
// is lost with the process.
type plainWork struct {
	client  mqtt.Client
	writer  *kafka.Writer
	written atomic.Int64
}

func beginPlain(task Task) (work, error) {
	w := &plainWork{}
	w.writer = &kafka.Writer{
		Addr: kafka.TCP(task.Kafka...), Topic: task.Topic, Async: true,
		Completion: func(records []kafka.Message, err error) {
			if err == nil {
				w.written.Add(int64(len(records)))
			}
		},
	}
	w.client = mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + task.MQTT).SetClientID(task.ClientID).SetCleanSession(false))
	carry := func(_ mqtt.Client, m mqtt.Message) {
		_ = w.writer.WriteMessages(context.Background(), kafka.Message{Value: m.Payload()}) // of an asynchronous writer, it says nothing
	}
	w.client.AddRoute(task.Source, carry) // what the session holds comes before the subscription's answer
	for _, step := range []func() mqtt.Token{w.client.Connect, func() mqtt.Token { return w.client.Subscribe(task.Source, 1, carry) }} {
		token := step()
		if !token.WaitTimeout(plainLimit) {
			return nil, errors.New("the MQTT broker doesn't answer")
		}
		if token.Error() != nil {
			return nil, token.Error()
		}
	}
	return w, nil
}

func (w *plainWork) report() Report { return Report{Count: w.written.Load()} }

func (w *plainWork) end() error {
	w.client.Disconnect(100)
	return w.writer.Close()
}
