package publish

import (
	"context"
	"errors"
	"fmt"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/util/wait"
)

// send publishes payload when the window has room. The link keeps payload. taken
// reports whether payload was or may have been published, even if err is set.
func (l *link) send(ctx context.Context, payload []byte) (taken bool, err error) {
	l.again = append(l.again, payload)
	l.untried = true
	err = l.flush(ctx)
	if l.untried { // drain would publish it, and nobody would have counted it
		l.again = l.again[:len(l.again)-1]
		l.untried = false
		return false, err
	}
	return true, err
}

// flush publishes what is still to be. A new connection may add to that, in front.
func (l *link) flush(ctx context.Context) error {
	for len(l.again) > 0 {
		if err := l.await(ctx, func() bool { return l.store.len() < l.cfg.Window }); err != nil {
			return err
		}
		before := l.store.puts()
		err := l.failure(ctx, l.client.Publish(l.cfg.Topic, l.cfg.QoS, l.cfg.Retain, l.again[0]))
		if err == nil || l.store.puts() > before { // what is stored is sent by each new connection
			l.again = l.again[1:]
			l.untried = l.untried && len(l.again) > 0
		}
		if err == nil {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := l.reconnect(ctx); err != nil {
			return err
		}
	}
	return nil
}

// failure returns the error of a token that is already complete. It waits for
// one of QoS 0, which is complete once it is written, and may never be where the
// connection is lost.
func (l *link) failure(ctx context.Context, token mqtt.Token) error {
	if l.cfg.QoS > 0 {
		select {
		case <-token.Done():
			return token.Error()
		default:
			return nil
		}
	}
	select {
	case <-token.Done():
	case <-l.lost:
		return errors.New("connection lost")
	case <-ctx.Done():
		token.WaitTimeout(hangUpLimit) // it is most likely being written
	}
	select {
	case <-token.Done():
		if token.Error() == nil {
			l.written++
		}
		return token.Error()
	default:
		return context.Cause(ctx)
	}
}

// await waits until ok, over new connections if need be.
func (l *link) await(ctx context.Context, ok func() bool) error {
	for !ok() {
		select {
		case <-l.store.changed:
		case <-l.lost:
			if err := l.reconnect(ctx); err != nil {
				return err
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// drain waits for the last acknowledgements: for RetryLimit, but only for a
// moment once ctx has ended.
func (l *link) drain(ctx context.Context) error {
	if l.gaveUp {
		return nil // the error was already reported
	}
	began := time.Now()
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.cfg.RetryLimit)
	defer cancel()
	hangUp, ended := context.WithCancelCause(limit)
	defer ended(nil)
	stop := context.AfterFunc(ctx, func() {
		_ = wait.For(limit, hangUpLimit)
		ended(context.Cause(ctx))
	})
	defer stop()
	if err := l.empty(hangUp); err != nil {
		return fmt.Errorf("publish: %d rows were sent to %s but not acknowledged in %v: %w",
			l.store.len()+len(l.again), l.cfg.Broker, time.Since(began).Round(time.Millisecond), err)
	}
	return nil
}

// empty returns when all is published and acknowledged.
func (l *link) empty(ctx context.Context) error {
	for {
		if err := l.await(ctx, func() bool { return l.store.len() == 0 }); err != nil || len(l.again) == 0 {
			return err
		}
		if err := l.flush(ctx); err != nil {
			return err
		}
	}
}
