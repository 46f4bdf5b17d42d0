package bridge

import (
	"context"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
	"github.com/eclipse/paho.mqtt.golang/packets"

	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/wait"
)

const (
	connectLimit = 10 * time.Second
	hangUpLimit  = 2 * time.Second // for the last acknowledgements to be sent
	refusedQoS   = 0x80            // a SUBACK's answer to a subscription it doesn't grant
)

// intake keeps an MQTT session open until ctx ends, and puts what arrives in
// the queue. It returns an error only for what reconnecting can't fix, or
// where ctx ended before there ever was a connection.
//
// Each connection has a client of its own instead of paho's reconnecting one:
// so a connection can be ended on purpose, and an acknowledgement can never go
// to another connection than its message's.
func (b *Bridge) intake(ctx context.Context) error {
	var pause wait.Backoff
	var rival rival
	for {
		began := time.Now()
		err := b.connection(ctx)
		err = rival.lost(err, time.Since(began), b)
		b.mqttTrouble.Store(&err)
		if isPermanent(err) {
			return err
		}
		if err == nil || time.Since(began) > connectLimit {
			pause.Reset() // the connection had been up
		}
		if ctx.Err() != nil || err != nil && pause.Sleep(ctx) != nil {
			return b.neverReady(err)
		}
		b.stats.reconnects.Add(1)
	}
}

// neverReady returns err unless there has been a subscription.
func (b *Bridge) neverReady(err error) error {
	select {
	case <-b.ready:
		return nil
	default:
		return err
	}
}

// connection connects, subscribes, and stays until ctx ends (nil), the
// connection is lost (why), or the queue overflowed and has run empty (nil).
func (b *Bridge) connection(ctx context.Context) error {
	line := newLine(ctx, b)
	client := mqtt.NewClient(b.options(line))
	defer func() {
		line.end()
		client.Disconnect(uint(hangUpLimit.Milliseconds()))
	}()
	if err := line.await(client.Connect()); err != nil {
		return b.notConnected(err)
	}
	if err := b.subscribe(line, client); err != nil {
		return err
	}
	settled := time.AfterFunc(connectLimit, func() { b.rivalTrouble.Store(nil) })
	defer settled.Stop()
	select {
	case <-ctx.Done():
		return nil
	case err := <-line.lost:
		return b.lost(err)
	case <-line.overflow:
		return b.recover(ctx, line)
	}
}

// notConnected says whom the broker didn't let in. A login that is refused is
// refused again.
func (b *Bridge) notConnected(err error) error {
	if dial.Refused(err) {
		return permanentError{fmt.Errorf("bridge: %w", dial.Explain("the MQTT broker", b.cfg.Broker, b.cfg.Login, err))}
	}
	return fmt.Errorf("bridge: connect to the MQTT broker at %s: %w", b.cfg.Broker, err)
}

// recover waits until the queue has run empty. The messages refused meanwhile
// come again with the next connection.
func (b *Bridge) recover(ctx context.Context, l *line) error {
	ctx, cancel := context.WithCancel(ctx)
	drained := make(chan struct{})
	go func() { defer close(drained); _ = b.queue.drained(ctx) }()
	defer func() { cancel(); <-drained }()
	select {
	case <-drained:
		return nil
	case err := <-l.lost:
		return b.lost(err)
	}
}

func (b *Bridge) lost(err error) error {
	return fmt.Errorf("bridge: connection to the MQTT broker at %s %w: %w", b.cfg.Broker, errLost, err)
}

func (b *Bridge) options(l *line) *mqtt.ClientOptions {
	return dial.MQTT(mqtt.NewClientOptions(), b.cfg.Login).
		AddBroker(b.cfg.Broker).
		SetClientID(b.cfg.ClientID).
		SetCleanSession(false).
		SetProtocolVersion(4).
		SetAutoReconnect(false).
		SetAutoAckDisabled(true).
		SetOrderMatters(true).
		SetStore(noStore{}).
		SetKeepAlive(b.cfg.KeepAlive).
		SetPingTimeout(2 * b.cfg.KeepAlive / 3).
		SetConnectTimeout(connectLimit).
		SetWriteTimeout(hangUpLimit). // of a subscription; a wire has its own
		SetCustomOpenConnectionFn(b.cfg.openMQTT).
		SetDefaultPublishHandler(l.receive).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { l.lost <- err })
}

func (b *Bridge) subscribe(l *line, client mqtt.Client) error {
	// Subscribe blocks for a while if the connection is lost meanwhile.
	asked := make(chan mqtt.Token, 1)
	go func() { asked <- client.Subscribe(b.cfg.Source, 1, nil) }()
	var token mqtt.Token
	var err error
	select {
	case token = <-asked:
		err = l.await(token)
	case err = <-l.lost:
	case <-l.ctx.Done():
		err = context.Cause(l.ctx)
	}
	if err != nil {
		return fmt.Errorf("bridge: subscribe to %q at %s: %w", b.cfg.Source, b.cfg.Broker, err)
	}
	if granted, ok := token.(*mqtt.SubscribeToken); ok && granted.Result()[b.cfg.Source] != 1 {
		return permanentError{fmt.Errorf("bridge: the MQTT broker at %s answered the subscription to %q with %#x instead of QoS 1 (%#x is a refusal); give the client %q access",
			b.cfg.Broker, b.cfg.Source, granted.Result()[b.cfg.Source], refusedQoS, b.cfg.ClientID)}
	}
	b.mqttTrouble.Store(nil)
	select {
	case <-b.ready:
	default:
		close(b.ready)
	}
	return nil
}

// noStore is paho's memory of unfinished exchanges. A subscriber needs none:
// the broker remembers for it.
type noStore struct{}

func (noStore) Open()                             {}
func (noStore) Put(string, packets.ControlPacket) {}
func (noStore) Get(string) packets.ControlPacket  { return nil }
func (noStore) All() []string                     { return nil }
func (noStore) Del(string)                        {}
func (noStore) Close()                            {}
func (noStore) Reset()                            {}
