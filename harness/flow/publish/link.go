package publish

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/client/wire"
	"hoplab.example/harness/server/access/dial"
	"hoplab.example/harness/util/wait"
)

const (
	answerLimit = 10 * time.Second // for one attempt to connect
	stallLimit  = 2 * time.Second  // for the connection to take a message; paho waits for it on a lost one too
	retryPause  = 200 * time.Millisecond
	hangUpLimit = 2 * time.Second
)

// link is the way to the broker, over as many connections as it takes. Each
// has a paho client of its own with AutoReconnect off: paho would let new
// messages overtake those that it sends again, while Connect sends the whole
// store before it returns (client.go of 1.5.1, Connect and reconnect).
type link struct {
	cfg        Config
	store      *store
	client     mqtt.Client // nil before the first connection
	lost       chan struct{}
	again      [][]byte // payloads that are still to be published, oldest first
	untried    bool     // the last of again was never published
	reconnects atomic.Int64
	resent     atomic.Int64
	written    int64     // messages of QoS 0
	progress   int64     // messages that had got through at the last reconnection,
	stuck      time.Time // and since when there are no more of them
	gaveUp     bool      // trying again is useless
}

func newLink(cfg Config) *link { return &link{cfg: cfg, store: newStore(cfg.Resend)} }

// open makes the first connection. With QoS 2 the broker may still remember
// packet ids of an earlier process, and would take new messages under them for
// repeats; a clean session makes it forget.
func (l *link) open(ctx context.Context) error {
	if l.cfg.QoS == 2 {
		if err := l.connect(ctx, true); err != nil {
			return err
		}
	}
	return l.connect(ctx, false)
}

// connect tries until there is a connection, RetryLimit is over or ctx ends.
// What the store holds has then been sent, unless the connection is lost again.
func (l *link) connect(ctx context.Context, clean bool) error {
	limit, cancel := context.WithTimeout(ctx, l.cfg.RetryLimit)
	defer cancel()
	err := wait.Until(limit, retryPause, func() (bool, error) {
		err := l.try(limit, clean)
		return err == nil || dial.Refused(err), err
	})
	var ended *wait.Ended
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.As(err, &ended):
		l.gaveUp = true
		return fmt.Errorf("publish: no connection to the MQTT broker at %s in %v: %w; is it running?",
			l.cfg.Broker, l.cfg.RetryLimit, ended.Last)
	}
	l.gaveUp = true
	return fmt.Errorf("publish: %w", dial.Explain("the MQTT broker", l.cfg.Broker, l.cfg.Login, err))
}

func (l *link) try(ctx context.Context, clean bool) error {
	l.close()
	lost := make(chan struct{})
	client := mqtt.NewClient(l.options(lost).SetCleanSession(clean))
	token := client.Connect()
	timer := time.NewTimer(answerLimit)
	defer timer.Stop()
	l.client, l.lost = client, lost
	select {
	case <-token.Done():
		return token.Error()
	case <-lost:
		return errors.New("connection lost at once")
	case <-timer.C:
		return fmt.Errorf("no answer in %v", answerLimit)
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (l *link) options(lost chan struct{}) *mqtt.ClientOptions {
	return dial.MQTT(mqtt.NewClientOptions(), l.cfg.Login).
		AddBroker(l.cfg.Broker).
		SetClientID(l.cfg.ClientID).
		SetProtocolVersion(4).
		SetAutoReconnect(false).
		SetStore(l.store).
		SetKeepAlive(l.cfg.KeepAlive).
		SetWriteTimeout(stallLimit).
		SetConnectTimeout(answerLimit).
		SetCustomOpenConnectionFn(wire.Open).
		SetConnectionLostHandler(func(mqtt.Client, error) { close(lost) })
}

// reconnect makes a new connection, unless RetryLimit has passed over earlier
// ones without a single message getting through: a broker that hangs up on a
// message would otherwise be asked forever.
func (l *link) reconnect(ctx context.Context) error {
	l.reconnects.Add(1)
	if l.cfg.Resend > 0 {
		l.close()
		back, acked := l.store.takeBack()
		l.again = append(back, l.again...)
		l.resent.Add(int64(acked))
	}
	through := l.written + l.store.acked()
	if l.stuck.IsZero() || through > l.progress {
		l.progress, l.stuck = through, time.Now()
		return l.connect(ctx, false)
	}
	if time.Since(l.stuck) > l.cfg.RetryLimit {
		l.gaveUp = true
		return fmt.Errorf("publish: the MQTT broker at %s takes connections and ends them again, and has taken nothing in %v; see its log",
			l.cfg.Broker, l.cfg.RetryLimit)
	}
	if err := wait.For(ctx, retryPause); err != nil {
		return err
	}
	return l.connect(ctx, false)
}

// close ends the connection and leaves the session with the broker.
func (l *link) close() {
	if l.client != nil {
		l.client.Disconnect(uint(hangUpLimit.Milliseconds()))
	}
}
