package apart

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/bridge"
)

const (
	answerLimit = 10 * time.Second
	readyLimit  = time.Minute
)

// rssUnit is that of getrusage's ru_maxrss: KiB, but for macOS.
var rssUnit = map[bool]int64{true: 1, false: 1 << 10}[runtime.GOOS == "darwin"]

// NewHistogram counts microseconds, up to a minute, with three digits.
func NewHistogram() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, time.Minute.Microseconds(), 3)
}

// Waits returns a report's waits, or an empty histogram.
func Waits(r Report) *hdrhistogram.Histogram {
	if r.Waits == nil {
		return NewHistogram()
	}
	return hdrhistogram.Import(r.Waits)
}

type bridgeWork struct {
	*bridge.Bridge
	stop  context.CancelFunc
	ended chan error

	mu    sync.Mutex
	waits *hdrhistogram.Histogram
}

func beginBridge(ctx context.Context, task Task) (work, error) {
	w := &bridgeWork{ended: make(chan error, 1)}
	config := bridge.Config{Broker: "tcp://" + task.MQTT, ClientID: task.ClientID, Source: task.Source, Kafka: task.Kafka, Topic: task.Topic}
	if task.Waits {
		w.waits = NewHistogram()
		config.Observe = w.observe
	}
	var err error
	if w.Bridge, err = bridge.New(config); err != nil {
		return nil, err
	}
	ctx, w.stop = context.WithCancel(ctx)
	go func() { w.ended <- w.Run(ctx) }()
	timer := time.NewTimer(readyLimit)
	defer timer.Stop()
	select {
	case <-w.Ready():
		return w, nil
	case err := <-w.ended:
		w.stop()
		return nil, err
	case <-timer.C:
		w.stop()
		return nil, fmt.Errorf("the bridge was not ready in %v: %w", readyLimit, errors.Join(w.Trouble(), <-w.ended))
	}
}

func (w *bridgeWork) observe(wait time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	_ = w.waits.RecordValue(min(wait.Microseconds(), time.Minute.Microseconds())) // fails beyond its bounds only
}

func (w *bridgeWork) report() Report {
	r := Report{Count: w.Stats().Acked}
	if w.waits != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		r.Waits = w.waits.Export()
	}
	return r
}

func (w *bridgeWork) end() error {
	w.stop()
	return <-w.ended
}

type discardWork struct {
	client mqtt.Client
	heard  atomic.Int64
}

func beginDiscard(ctx context.Context, task Task) (work, error) {
	w := &discardWork{}
	var err error
	w.client, err = Subscribe(ctx, task.MQTT, task.ClientID, false, task.Source, 1, func(mqtt.Client, mqtt.Message) { w.heard.Add(1) })
	if err != nil {
		return nil, err
	}
	return w, nil
}

func (w *discardWork) report() Report { return Report{Count: w.heard.Load()} }

func (w *discardWork) end() error {
	w.client.Disconnect(100)
	return nil
}

// Subscribe connects to the broker at addr, host:port, as a client like the
// bridge's, and subscribes.
func Subscribe(ctx context.Context, addr, id string, clean bool, topic string, qos byte, handle mqtt.MessageHandler) (mqtt.Client, error) {
	client := mqtt.NewClient(mqtt.NewClientOptions().
		AddBroker("tcp://" + addr).SetClientID(id).SetCleanSession(clean).SetProtocolVersion(4).
		SetAutoReconnect(false).SetConnectTimeout(answerLimit).SetCustomOpenConnectionFn(wire.Open).
		SetDefaultPublishHandler(handle))
	for _, ask := range []func() mqtt.Token{client.Connect, func() mqtt.Token { return client.Subscribe(topic, qos, nil) }} {
		token := ask()
		select {
		case <-token.Done():
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(answerLimit):
			return nil, fmt.Errorf("no answer of the MQTT broker at %s in %v", addr, answerLimit)
		}
		if err := token.Error(); err != nil {
			return nil, fmt.Errorf("connect and subscribe at the MQTT broker at %s: %w", addr, err)
		}
	}
	return client, nil
}
