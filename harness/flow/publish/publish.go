// Package publish sends rows to an MQTT topic as JSON: each row once, in the
// order of the input, at a chosen rate. With QoS 1 or 2 no row is lost when the connection
// is: what the broker hasn't acknowledged is sent again, before anything newer.
// Rows may be repeated then, with QoS 2 as well: paho 1.5.1 doesn't store that the
// broker has a message (net.go, PubrecPacket), and sends it again.
//
// A broker that is killed may forget what it has acknowledged: mosquitto saves
// what it keeps for others now and then only (autosave_interval). No acknowledgement of
// MQTT can help against that, but whoever still has the rows can: see Config.Resend.
package publish

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"hoplab.example/harness/rows/wisdm"
	"hoplab.example/harness/server/access"
)

// Config says what to publish where. The zero value of an optional field means
// its default.
type Config struct {
	Broker   string       // tcp://HOST:PORT, or ssl:// for TLS
	Login    access.Login // at the broker
	ClientID string       // names the persistent session; default "hoplab-publisher"
	Topic    string       // default "smart"
	QoS      byte         // 0, 1 or 2
	Retain   bool         // have the broker keep the last message for whoever subscribes

	Source wisdm.Input
	Base   time.Time // event time of each subject's first row; default wisdm.DefaultBase
	Rate   Rate      // the zero Rate is flat out
	Max    int64     // rows to publish; 0 for all
	Loop   bool      // begin again after the last row, until Max or ctx ends it

	Window     int           // publishes that may be unacknowledged; default 1000
	RetryLimit time.Duration // how long to try for a connection, or to wait for the last acknowledgement; default 30 s
	KeepAlive  time.Duration // of MQTT, whole seconds; default 30 s

	// Resend: after a lost connection, send again what the broker had acknowledged
	// in this time before, ahead of anything newer. It must be longer than the time
	// in which the broker saves (autosave_interval of mosquitto), and costs the
	// memory of the payloads of that time. QoS 1 only; 0 for never.
	Resend time.Duration

	// Progress, if any, is called with the figures about five times a second and once
	// at the end, from one goroutine.
	Progress func(Stats)
}

// Stats is what has been published so far.
type Stats struct {
	Rows       int64 // read and handed to the connection, each counted once
	Acked      int64 // acknowledged by the broker; with QoS 0, written to the network
	Bytes      int64 // of payload
	Laps       int64 // begun: 1 without Loop
	Reconnects int64
	Resent     int64 // acknowledged before, and sent again because of Config.Resend
	Elapsed    time.Duration
}

func (c Config) withDefaults() (Config, error) {
	c.ClientID = cmp.Or(c.ClientID, "hoplab-publisher")
	c.Topic = cmp.Or(c.Topic, "smart")
	c.Window = cmp.Or(c.Window, 1000)
	c.RetryLimit = cmp.Or(c.RetryLimit, 30*time.Second)
	c.KeepAlive = cmp.Or(c.KeepAlive, 30*time.Second)
	if c.Base.IsZero() {
		c.Base = wisdm.DefaultBase
	}
	switch {
	case !strings.HasPrefix(c.Broker, "tcp://") && !strings.HasPrefix(c.Broker, "ssl://"):
		return c, fmt.Errorf("publish: broker is %q; it must be tcp://HOST:PORT or ssl://HOST:PORT", c.Broker)
	case c.QoS > 2:
		return c, fmt.Errorf("publish: QoS is %d; it must be 0, 1 or 2", c.QoS)
	case c.Source == nil:
		return c, errors.New("publish: no source of rows")
	case c.Max < 0:
		return c, fmt.Errorf("publish: at most %d rows; give 0 for all, or a positive number", c.Max)
	case c.RetryLimit < 0:
		return c, fmt.Errorf("publish: retry limit is %v; give 0 for 30 s, or a positive time", c.RetryLimit)
	case c.KeepAlive < time.Second:
		return c, fmt.Errorf("publish: keepalive is %v; MQTT counts it in whole seconds", c.KeepAlive)
	case c.Resend < 0 || c.Resend > 0 && c.QoS != 1:
		return c, fmt.Errorf("publish: resend is %v with QoS %d; give 0, or a positive time with QoS 1", c.Resend, c.QoS)
	case c.Window < 1 || c.Window > maxWindow:
		return c, fmt.Errorf("publish: window is %d; it must be 1 to %d", c.Window, maxWindow)
	}
	return c, nil
}

// Run publishes until the rows, Config.Max or ctx come to their end, and waits
// for the acknowledgements. The Stats are right whatever the error; where ctx
// ended it, the error is its cause.
func Run(ctx context.Context, cfg Config) (Stats, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return Stats{}, err
	}
	l := newLink(cfg)
	defer l.close()
	m := newMeter(l)
	stop := m.report(cfg.Progress)
	err = publishAll(ctx, cfg, l, m)
	if drained := l.drain(ctx); err == nil {
		err = drained
	}
	stop()
	return m.stats(), err
}

func publishAll(ctx context.Context, cfg Config, l *link, m *meter) error {
	rows := newLaps(cfg.Source, cfg.Base, cfg.Loop)
	defer rows.close()
	pace := pacer{rate: cfg.Rate}
	if err := l.open(ctx); err != nil {
		return err
	}
	for n := int64(0); cfg.Max == 0 || n < cfg.Max; n++ {
		row, err := rows.read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("publish: after %d rows of %s: %w", n, cfg.Source.Name(), err)
		}
		if err := pace.wait(ctx, row); err != nil {
			return err
		}
		payload := wisdm.AppendMessage(make([]byte, 0, 256), row)
		taken, err := l.send(ctx, payload)
		if taken {
			m.sent(len(payload), rows.lap)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
