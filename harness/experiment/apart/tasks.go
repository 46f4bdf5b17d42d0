package apart

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/flow/bridge"
	"hoplab.example/harness/rows/wisdm"
)

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
	*bridge.Running

	mu    sync.Mutex
	waits *hdrhistogram.Histogram
}

func beginBridge(ctx context.Context, task Task) (_ work, err error) {
	w := &bridgeWork{}
	config := bridge.Config{
		Broker: "tcp://" + task.MQTT, ClientID: task.ClientID, Source: task.Source, KeepAlive: task.KeepAlive,
		Kafka: task.Kafka, Topic: task.Topic, Record: wisdm.Record,
	}
	if task.Waits {
		w.waits = NewHistogram()
		config.Observe = w.observe
	}
	if w.Running, err = bridge.Start(ctx, config); err != nil {
		return nil, err
	}
	return w, nil
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

func (w *bridgeWork) end() error { return w.Stop() }

type discardWork struct {
	client mqtt.Client
	heard  atomic.Int64
}

func beginDiscard(ctx context.Context, task Task) (work, error) {
	w := &discardWork{}
	var err error
	session := wire.Session{Addr: task.MQTT, ClientID: task.ClientID, Kept: true}
	w.client, err = session.Subscribe(ctx, task.Source, 1, func(mqtt.Message) { w.heard.Add(1) })
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
