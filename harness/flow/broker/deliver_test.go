package broker

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestDeliversInOrder(t *testing.T) {
	for qos := range byte(3) {
		t.Run(fmt.Sprint("QoS ", qos), func(t *testing.T) {
			b := begin(t, mosquittoBounds)
			e := dial(t, b, "ear", true, true).subscribe(t, qos)
			publish(t, b, qos, 1, 5000)
			if got := e.awaitCount(t, 5000); !slices.Equal(got, numbers(1, 5000)) {
				t.Error("messages are missing, repeated or out of order")
			}
			if got, want := e.all()[0].Qos(), min(qos, 1); got != want {
				t.Errorf("delivered with QoS %d, want %d", got, want)
			}
		})
	}
}

func TestSubscriptionLimitsQoS(t *testing.T) {
	b := begin(t, mosquittoBounds)
	e := dial(t, b, "ear", true, true).subscribe(t, 0)
	publish(t, b, 1, 1, 1)
	e.awaitCount(t, 1)
	if got := e.all()[0].Qos(); got != 0 {
		t.Errorf("delivered with QoS %d to a subscription of QoS 0", got)
	}
}

// More than MQTT has packet ids wait for a client that is away.
func TestKeepsForAbsent(t *testing.T) {
	const count = 70_000
	b := begin(t, mosquittoBounds)
	dial(t, b, "ear", false, true).subscribe(t, 1).leave(t, b, "ear")
	publish(t, b, 0, -1, -1) // QoS 0 isn't kept
	await(t, func() bool { return atomic.LoadInt64(&b.server.Info.MessagesReceived) == 1 }, func() string { return "it isn't published" })
	publish(t, b, 1, 1, count)
	if got := b.Pending("ear"); got != count {
		t.Errorf("%d pending, want %d", got, count)
	}
	e := dial(t, b, "ear", false, true)
	if got := e.awaitCount(t, count); !slices.Equal(got, numbers(1, count)) {
		t.Error("messages are missing, repeated or out of order")
	}
	await(t, func() bool { return b.Pending("ear") == 0 }, func() string { return fmt.Sprint(b.Pending("ear"), " pending") })
	if got := b.Dropped(); got != 0 {
		t.Errorf("%d dropped", got)
	}
}

func TestWindow(t *testing.T) {
	b := begin(t, bounds{window: 10, queue: 1000})
	e := dial(t, b, "ear", true, false).subscribe(t, 1)
	publish(t, b, 1, 1, 50)
	e.awaitCount(t, 10)
	for n, m := range e.all() {
		m.Ack()
		e.awaitCount(t, 11+n)
		if got := len(e.all()) - n - 1; got > 10 {
			t.Fatalf("%d messages unacknowledged, the window is 10", got)
		}
	}
	time.Sleep(50 * time.Millisecond) // for more to come, which would be wrong
	if got := e.texts(); !slices.Equal(got, numbers(1, 20)) {
		t.Errorf("heard %v, want 1 to 20", got)
	}
}

// An acknowledgement frees the window only from its front.
func TestAcknowledgedOutOfOrder(t *testing.T) {
	b := begin(t, bounds{window: 3, queue: 1000})
	e := dial(t, b, "ear", true, false).subscribe(t, 1)
	publish(t, b, 1, 1, 6)
	e.awaitCount(t, 3)
	e.all()[2].Ack()
	e.all()[1].Ack()
	e.all()[0].Ack()
	if got := e.awaitCount(t, 6); !slices.Equal(got, numbers(1, 6)) {
		t.Errorf("heard %v", got)
	}
	if got := b.Pending("ear"); got != 3 {
		t.Errorf("%d pending, want 3", got)
	}
}

func TestCountsDropped(t *testing.T) {
	b := begin(t, bounds{window: 10, queue: 100})
	dial(t, b, "ear", false, true).subscribe(t, 1).leave(t, b, "ear")
	publish(t, b, 1, 1, 130)
	if got := b.Dropped(); got != 30 {
		t.Errorf("%d dropped, want 30", got)
	}
	e := dial(t, b, "ear", false, true)
	if got := e.awaitCount(t, 100); !slices.Equal(got, numbers(1, 100)) {
		t.Errorf("heard %s", strings.Join(got, " "))
	}
}
